using System.Diagnostics.CodeAnalysis;

namespace Actors.Store.Blobs;

/// <summary>
/// The name of a blob under a store's prefix: segments of letters, digits and <c>. _ - +</c> between single slashes, none of them
/// <c>.</c> or <c>..</c>, at most <see cref="Limits.BlobKeyCharactersMax"/> characters. So it is the same text as an S3 key, as a
/// relative path, and in a URL.
/// </summary>
public readonly record struct BlobKey
{
    private readonly string? _text;

    private BlobKey(string text) => _text = text;

    /// <summary>The key of a text.</summary>
    /// <exception cref="FormatException">Not such a text.</exception>
    public static BlobKey Parse(string text) => TryParse(text, out BlobKey key) ? key : throw new FormatException($"'{text}' is no key of a blob.");

    /// <summary>Whether a text is a key.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out BlobKey key)
    {
        key = default;
        if (text is null || text.Length is 0 or > Limits.BlobKeyCharactersMax)
        {
            return false;
        }

        foreach (string segment in text.Split('/'))
        {
            if (segment is "" or "." or ".." || segment.Any(character => !IsAllowed(character)))
            {
                return false;
            }
        }

        key = new BlobKey(text);
        return true;
    }

    /// <inheritdoc/>
    public override string ToString() => _text ?? "";

    private static bool IsAllowed(char character) => char.IsAsciiLetterOrDigit(character) || character is '.' or '_' or '-' or '+';
}
