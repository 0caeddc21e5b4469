using System.Globalization;
using System.Net.Http.Headers;
using Actors.Git.Remotes;

namespace Actors.Git.Transport;

/// <summary>
/// What a host says is left of its budget: <c>RateLimit-Limit/-Remaining/-Reset</c> (IETF draft-ietf-httpapi-ratelimit-headers up to 07,
/// GitLab), the same with <c>X-</c> (GitHub, Gitea), and <c>RateLimit: "name";r=50;t=30</c> or <c>limit=100, remaining=50, reset=5</c> (the draft's later forms).
/// </summary>
internal static class RateLimitHeaders
{
    private const long EpochMin = 1_000_000_000;

    /// <summary>Null where nothing is said, or nothing that makes sense.</summary>
    public static RateLimit? Read(HttpResponseHeaders headers, TimeProvider clock)
    {
        HttpHeadersNonValidated all = headers.NonValidated;
        string prefix = all.Contains("RateLimit-Remaining") ? "RateLimit-" : all.Contains("X-RateLimit-Remaining") ? "X-RateLimit-" : "";
        if (prefix.Length == 0)
        {
            return all.TryGetValues("RateLimit", out HeaderStringValues whole) ? Parse(whole.ToString(), clock) : null;
        }

        long? remaining = Number(all, prefix + "Remaining");
        return remaining is null ? null : Make(Number(all, prefix + "Limit"), remaining.Value, Number(all, prefix + "Reset"), clock);
    }

    /// <summary>The later forms, of which the first policy counts.</summary>
    public static RateLimit? Parse(string text, TimeProvider clock)
    {
        long? limit = null, remaining = null, reset = null;
        foreach (string word in text.Split([',', ';', ' '], StringSplitOptions.RemoveEmptyEntries))
        {
            int equals = word.IndexOf('=', StringComparison.Ordinal);
            if (equals < 0 || !long.TryParse(word.AsSpan(equals + 1), NumberStyles.None, CultureInfo.InvariantCulture, out long value))
            {
                continue;
            }

            switch (word[..equals])
            {
                case "limit" or "q":
                    limit ??= value;
                    break;
                case "remaining" or "r":
                    remaining ??= value;
                    break;
                case "reset" or "t":
                    reset ??= value;
                    break;
            }
        }

        return remaining is { } left ? Make(limit, left, reset, clock) : null;
    }

    private static RateLimit Make(long? limit, long remaining, long? reset, TimeProvider clock)
    {
        // Seconds from now in the draft, seconds since 1970 with GitHub and GitLab.
        double? seconds = reset >= EpochMin ? reset - (clock.GetUtcNow().ToUnixTimeMilliseconds() / 1000.0) : reset;
        return new RateLimit(limit, remaining, seconds is not { } left ? null
            : left < 0 ? TimeSpan.Zero
            : left > Limits.RetryAfterMax.TotalSeconds ? Limits.RetryAfterMax
            : TimeSpan.FromSeconds(left));
    }

    private static long? Number(HttpHeadersNonValidated headers, string name) =>
        headers.TryGetValues(name, out HeaderStringValues value) && long.TryParse(value.ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out long number)
            ? number
            : null;
}
