namespace Actors.Git.Checkouts;

/// <summary>What attributes make of one file on its way into a working tree (convert.c, <c>convert_attrs</c>), on Linux.</summary>
/// <param name="Crlf">Lines end with CR LF in the file.</param>
/// <param name="OnlyIfText">… if the blob looks like text and has no CR.</param>
/// <param name="Ident"><c>$Id$</c> is replaced.</param>
/// <param name="Encoding">The encoding of the file; null: as in the blob.</param>
/// <param name="Filter">Name of the filter that smudges it, or null.</param>
public sealed record FileAttributes(bool Crlf, bool OnlyIfText, bool Ident, string? Encoding, string? Filter)
{
    /// <summary>True when the file is the blob.</summary>
    public bool ChangesNothing => !Crlf && !Ident && Encoding is null && Filter is null;

    internal static FileAttributes Of(Dictionary<string, string> found, LineEnds ends)
    {
        string? text = Word(found, "text") ?? Word(found, "crlf");
        bool binary = text == AttributeSetting.False;
        string? eol = found.GetValueOrDefault("eol");
        bool byEol = !binary && eol is "crlf" or "lf";
        bool crlf = byEol ? eol == "crlf" : text switch
        {
            null => ends.Automatic,
            AttributeSetting.True or "auto" => ends.Crlf,
            _ => false,
        };
        string? encoding = found.GetValueOrDefault("working-tree-encoding");
        string? filter = found.GetValueOrDefault("filter");
        return new FileAttributes(
            crlf,
            crlf && (text == "auto" || (text is null && !byEol)),
            found.GetValueOrDefault("ident") == AttributeSetting.True,
            encoding is null or "" || encoding[0] == '\0' || encoding.Equals("UTF-8", StringComparison.OrdinalIgnoreCase) || encoding.Equals("UTF8", StringComparison.OrdinalIgnoreCase) ? null : encoding,
            filter is null or "" || filter[0] == '\0' ? null : filter);
    }

    /// <summary>convert.c, <c>git_path_check_crlf</c>: what says nothing about line ends is as if it were not there.</summary>
    private static string? Word(Dictionary<string, string> found, string name) =>
        found.GetValueOrDefault(name) is AttributeSetting.True or AttributeSetting.False or "input" or "auto" ? found[name] : null;
}
