namespace Actors.Git.Remotes;

/// <summary>
/// Whose patience a request spends: the host, and the port where it is not the scheme's own; <c>localhost</c> for paths
/// and <c>file://</c>. Lower case, e.g. <c>github.com</c>, <c>git.example.org:8443</c>.
/// </summary>
public readonly record struct ForgeHost
{
    private readonly string? _name;

    private ForgeHost(string name) => _name = name;

    /// <summary>Parses a name as <see cref="ToString"/> writes it.</summary>
    /// <exception cref="FormatException">Empty, with upper-case letters, white space, or any of <c>/@?#</c>.</exception>
    public static ForgeHost Parse(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        foreach (char c in name)
        {
            if (c <= ' ' || c is '/' or '@' or '?' or '#' || char.IsUpper(c))
            {
                throw new FormatException($"'{name}' is not a forge host: a lower-case host name, or host:port.");
            }
        }

        return name.Length == 0 ? throw new FormatException("A forge host has a name.") : new ForgeHost(name);
    }

    public override string ToString() => _name ?? "";
}
