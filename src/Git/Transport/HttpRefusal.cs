using System.Net;
using System.Net.Http;
using Actors.Git.Remotes;
using Actors.Git.Wire;

namespace Actors.Git.Transport;

/// <summary>What a status other than 200 means.</summary>
internal static class HttpRefusal
{
    /// <summary>Reads status, Retry-After, and the first words of a plain text body.</summary>
    public static async ValueTask<RemoteFailure> ExplainAsync(HttpResponseMessage response, TimeProvider clock, Deadline deadline)
    {
        TimeSpan? retryAfter = ReadRetryAfter(response, clock);
        if (retryAfter is null && (int)response.StatusCode is 401 or 403 or 429 or 503 && RateLimitHeaders.Read(response.Headers, clock) is { Remaining: 0, Reset: { } reset })
        {
            // GitHub's primary limit is told so, by 403 or 429 without Retry-After.
            retryAfter = reset;
        }

        string words = await ReadWordsAsync(response, deadline).ConfigureAwait(false);
        RemoteFailureKind kind = Classify(response.StatusCode, retryAfter is not null, words);
        string message = words.Length > 0 ? $"HTTP {(int)response.StatusCode}: {words}" : $"HTTP {(int)response.StatusCode}";
        return new RemoteFailure(kind, message, (int)response.StatusCode, retryAfter);
    }

    /// <summary>The kind of a status; 401 and 403 with words about rates are throttling told in another way.</summary>
    public static RemoteFailureKind Classify(HttpStatusCode status, bool hasRetryAfter, string words) => (int)status switch
    {
        429 => RemoteFailureKind.Throttled,
        503 when hasRetryAfter => RemoteFailureKind.Throttled,
        401 or 403 or 503 when RemoteMessage.AsksForPatience(words) => RemoteFailureKind.Throttled,
        404 or 410 => RemoteFailureKind.NotFound,
        401 or 407 => RemoteFailureKind.Unauthorized,
        403 or 451 => RemoteFailureKind.Forbidden,
        >= 500 => RemoteFailureKind.ServerError,
        >= 300 and < 400 => RemoteFailureKind.BadRedirect,
        >= 400 => RemoteFailureKind.RemoteError,
        _ => RemoteFailureKind.Malformed,
    };

    private static TimeSpan? ReadRetryAfter(HttpResponseMessage response, TimeProvider clock)
    {
        // RFC 9110, 10.2.3: seconds, or an HTTP date.
        TimeSpan? wait = response.Headers.RetryAfter switch
        {
            { Delta: { } delta } => delta,
            { Date: { } date } => date - clock.GetUtcNow(),
            _ => null,
        };
        return wait is not { } given ? null
            : given < TimeSpan.Zero ? TimeSpan.Zero
            : given > Limits.RetryAfterMax ? Limits.RetryAfterMax
            : given;
    }

    private static async ValueTask<string> ReadWordsAsync(HttpResponseMessage response, Deadline deadline)
    {
        if (response.Content.Headers.ContentType?.MediaType != "text/plain" || response.Content.Headers.ContentEncoding.Count > 0)
        {
            return "";
        }

        try
        {
            byte[] words = new byte[2 * Limits.RemoteMessageCharsMax];
            Stream body = await response.Content.ReadAsStreamAsync(deadline.Token).ConfigureAwait(false);
            int length = 0;
            int read;
            while (length < words.Length && (read = await deadline.ReadAsync(body, words.AsMemory(length)).ConfigureAwait(false)) > 0)
            {
                length += read;
            }

            return RemoteMessage.Clean(words.AsSpan(0, length));
        }
        catch (RemoteFailureException)
        {
            // The status has said enough.
            return "";
        }
    }
}
