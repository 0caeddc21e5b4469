namespace Actors.Git.Remotes;

/// <summary>
/// A repository's canonical URL, the name under which all is stored. Schemes: <c>https http git ssh file</c>; a plain path
/// becomes an absolute <c>file://</c> URL, <c>user@host:path</c> becomes <c>ssh://</c>. Host in lower case, default port,
/// credentials, query, fragment and trailing slashes dropped; path kept as written (forges differ in case and <c>.git</c>).
/// </summary>
public readonly partial record struct RepositoryUrl
{
    private readonly string? _text;

    private RepositoryUrl(string text, ForgeHost host) => (_text, Host) = (text, host);

    /// <summary>Whose patience a visit spends.</summary>
    public ForgeHost Host { get; }

    /// <summary>Scheme in lower case: <c>https</c>, <c>http</c>, <c>git</c>, <c>ssh</c> or <c>file</c>.</summary>
    public string Scheme => ToString()[..ToString().IndexOf(':', StringComparison.Ordinal)];

    /// <summary>Parses any form that this type's summary names.</summary>
    /// <exception cref="FormatException">With the reason, for a person: unknown scheme, <c>ext::</c>, leading <c>-</c>, control character, no path…</exception>
    public static RepositoryUrl Parse(string text) =>
        TryParse(text, out RepositoryUrl url, out string? reason) ? url : throw new FormatException(reason);

    /// <summary>The canonical URL.</summary>
    public override string ToString() => _text ?? "";
}
