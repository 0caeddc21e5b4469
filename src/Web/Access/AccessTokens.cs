using System.Security.Cryptography;
using System.Text;

namespace Actors.Web.Access;

/// <summary>
/// The bearer tokens of a server (RFC 6750). Only their digests are kept, and every comparison takes the same time whatever is
/// presented. Text form: one token a line, <c>read TOKEN</c> or <c>write TOKEN</c>; empty lines and comments after <c>#</c> do not count.
/// </summary>
public sealed class AccessTokens
{
    private readonly (byte[] Digest, AccessScope Scope)[] _tokens;

    private AccessTokens((byte[] Digest, AccessScope Scope)[] tokens) => _tokens = tokens;

    /// <summary>No token is asked for; see <see cref="IsOpen"/>.</summary>
    public static AccessTokens None { get; } = new([]);

    /// <summary>True: everybody who reaches the server may do everything, but no page of a foreign site on their behalf.</summary>
    public bool IsOpen => _tokens.Length == 0;

    /// <summary>Parses the text form.</summary>
    /// <exception cref="FormatException">With the number of the line, never with its text.</exception>
    public static AccessTokens Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        List<(byte[], AccessScope)> tokens = [];
        int number = 0;
        foreach (string line in text.Split('\n'))
        {
            number++;
            string[] words = line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
            if (words.Length == 0 || words[0].StartsWith('#'))
            {
                continue;
            }

            AccessScope scope = words[0] switch { "read" => AccessScope.Read, "write" => AccessScope.Write, _ => AccessScope.None };
            if (scope == AccessScope.None || words.Length < 2 || (words.Length > 2 && !words[2].StartsWith('#')))
            {
                throw new FormatException($"Line {number} of the tokens is not 'read TOKEN' or 'write TOKEN'.");
            }

            if (words[1].Length is < Limits.TokenCharsMin or > Limits.TokenCharsMax || !words[1].All(IsTokenChar))
            {
                throw new FormatException($"Line {number} of the tokens: a token has {Limits.TokenCharsMin} to {Limits.TokenCharsMax} letters, digits and any of -._~+/= (for example: openssl rand -hex 24).");
            }

            tokens.Add((DigestOf(words[1]), scope));
        }

        return tokens.Count is > 0 and <= Limits.TokensMax
            ? new AccessTokens([.. tokens])
            : throw new FormatException(tokens.Count == 0 ? "There is no token: one line each, 'read TOKEN' or 'write TOKEN'." : $"There are more than {Limits.TokensMax} tokens.");
    }

    /// <summary>What the bearer may do. Looks at every token, and takes the same time for each.</summary>
    public AccessScope ScopeOf(string? presented)
    {
        if (presented is not { Length: > 0 and <= Limits.TokenCharsMax })
        {
            return AccessScope.None;
        }

        byte[] digest = DigestOf(presented);
        AccessScope scope = AccessScope.None;
        foreach ((byte[] known, AccessScope granted) in _tokens)
        {
            if (CryptographicOperations.FixedTimeEquals(known, digest) && granted > scope)
            {
                scope = granted;
            }
        }

        return scope;
    }

    /// <summary>RFC 6750, section 2.1: the characters of a b64token.</summary>
    private static bool IsTokenChar(char c) => char.IsAsciiLetterOrDigit(c) || c is '-' or '.' or '_' or '~' or '+' or '/' or '=';

    private static byte[] DigestOf(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));
}
