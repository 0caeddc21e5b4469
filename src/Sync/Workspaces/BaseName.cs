using System.Security.Cryptography;
using System.Text;
using Actors.Git.Remotes;

namespace Actors.Sync.Workspaces;

/// <summary>Name of a repository's base: the first 16 hex digits of SHA-256 of its canonical URL, the same on every machine.</summary>
public readonly record struct BaseName
{
    private const int HexLength = 16;
    private readonly string? _hex;

    private BaseName(string hex) => _hex = hex;

    /// <summary>The name of a repository's base.</summary>
    public static BaseName Of(RepositoryUrl url) =>
        new(Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(url.ToString())).AsSpan(0, HexLength / 2)));

    /// <summary>Parses 16 lower-case hex digits.</summary>
    /// <exception cref="FormatException">Anything else.</exception>
    public static BaseName Parse(string text) =>
        TryParse(text, out BaseName name) ? name : throw new FormatException($"'{text}' is not a base's name of {HexLength} hex digits.");

    /// <summary>Parses 16 lower-case hex digits.</summary>
    public static bool TryParse(string text, out BaseName name)
    {
        name = new BaseName(text);
        return text.Length == HexLength && text.All(char.IsAsciiHexDigitLower);
    }

    public override string ToString() => _hex ?? "";
}
