using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace Actors.Web.Webhooks;

/// <summary>Whether a forge that knows the secret sent a message. Compared in constant time.</summary>
internal static class PushSignature
{
    /// <summary>
    /// GitHub ("Validating webhook deliveries"): <c>X-Hub-Signature-256: sha256=HEX</c>. Gitea and Forgejo ("Webhooks"): <c>X-Gitea-Signature: HEX</c>,
    /// <c>X-Forgejo-Signature: HEX</c>. GitLab ("Webhooks", "Validate payloads by using a secret token"): <c>X-Gitlab-Token</c> is the secret itself. The first that
    /// is there decides.
    /// </summary>
    public static bool IsRight(IHeaderDictionary headers, ReadOnlySpan<byte> body, ReadOnlySpan<byte> secret)
    {
        if (headers.TryGetValue("X-Hub-Signature-256", out var github))
        {
            return github is [{ } text] && text.StartsWith("sha256=", StringComparison.Ordinal) && IsDigest(text.AsSpan(7), body, secret);
        }

        foreach (string name in (ReadOnlySpan<string>)["X-Forgejo-Signature", "X-Gitea-Signature"])
        {
            if (headers.TryGetValue(name, out var gitea))
            {
                return gitea is [{ } text] && IsDigest(text, body, secret);
            }
        }

        return headers.TryGetValue("X-Gitlab-Token", out var gitlab) && gitlab is [{ } token] && IsSecret(token, secret);
    }

    private static bool IsDigest(ReadOnlySpan<char> hex, ReadOnlySpan<byte> body, ReadOnlySpan<byte> secret)
    {
        Span<byte> given = stackalloc byte[HMACSHA256.HashSizeInBytes];
        Span<byte> right = stackalloc byte[HMACSHA256.HashSizeInBytes];
        _ = HMACSHA256.HashData(secret, body, right);
        return hex.Length == 2 * given.Length
            && Convert.FromHexString(hex, given, out _, out _) == System.Buffers.OperationStatus.Done
            && CryptographicOperations.FixedTimeEquals(given, right);
    }

    /// <summary>Digests of both, so that the length tells nothing either.</summary>
    private static bool IsSecret(string token, ReadOnlySpan<byte> secret) =>
        CryptographicOperations.FixedTimeEquals(SHA256.HashData(Encoding.UTF8.GetBytes(token)), SHA256.HashData(secret));
}
