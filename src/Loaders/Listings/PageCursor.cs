using System.Globalization;

namespace Actors.Loaders.Listings;

/// <summary>A place in a listing of pages: the page's path, and how many of its entries were handed on. Written <c>COUNT PATH</c>.</summary>
/// <param name="Path">Path and query below the forge, with the lister's own mark after <c>#</c>.</param>
/// <param name="Passed">Entries that are done.</param>
internal readonly record struct PageCursor(string Path, int Passed)
{
    /// <exception cref="FormatException">Not one.</exception>
    public static PageCursor Parse(string text)
    {
        int space = text.IndexOf(' ', StringComparison.Ordinal);
        return space > 0 && int.TryParse(text.AsSpan(0, space), NumberStyles.None, CultureInfo.InvariantCulture, out int passed) && IsPath(text[(space + 1)..])
            ? new PageCursor(text[(space + 1)..], passed)
            : throw new FormatException("not a cursor of a listing");
    }

    /// <summary>Whether it can be asked of a forge: whatever host a page names, a listing stays with its own.</summary>
    public static bool IsPath(string path) => path.StartsWith('/') && path.Length <= Limits.CursorCharsMax && !path.Any(c => char.IsControl(c) || c is ' ' or '\\');

    public Uri Under(Uri forge) => new(forge.GetLeftPart(UriPartial.Authority) + Path);

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Passed} {Path}");
}
