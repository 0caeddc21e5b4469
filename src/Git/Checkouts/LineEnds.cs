namespace Actors.Git.Checkouts;

/// <summary>What a person's configuration says of line ends in files (git-config, <c>core.autocrlf</c> and <c>core.eol</c>).</summary>
/// <param name="Automatic">Files that no attribute speaks of are text where they look so.</param>
/// <param name="Crlf">Text ends lines with CR LF in files, where no attribute says otherwise.</param>
public readonly record struct LineEnds(bool Automatic, bool Crlf)
{
    /// <summary>Of the two settings; null: not set (convert.c, <c>text_eol_is_crlf</c>).</summary>
    public static LineEnds Of(string? autoCrlf, string? eol) =>
        "input".Equals(autoCrlf, StringComparison.OrdinalIgnoreCase) ? new LineEnds(false, false)
        : autoCrlf?.ToUpperInvariant() is "TRUE" or "YES" or "ON" or "1" ? new LineEnds(true, true)
        : new LineEnds(false, "crlf".Equals(eol, StringComparison.OrdinalIgnoreCase));
}
