using System.Globalization;
using System.Net.Http;

namespace Actors.Loaders.Downloads;

/// <summary>What servers call their answers (RFC 9110, 8.8), as one text: an entity tag as it came, or the time of the last change.</summary>
internal static class Validators
{
    /// <summary>A time of change this much older than the answer is a strong one (RFC 9110, 8.8.2.2): nothing changes twice in its second unnoticed.</summary>
    private static readonly TimeSpan AgeMin = TimeSpan.FromSeconds(60);

    /// <summary>The answer's own, or null where it has none that can be relied on.</summary>
    public static string? Of(HttpResponseMessage response)
    {
        string? text = response.Headers.ETag?.ToString();
        if (text is null && response.Content.Headers.LastModified is { } changed && response.Headers.Date - changed >= AgeMin)
        {
            text = changed.ToString("R", CultureInfo.InvariantCulture);
        }

        return text is { Length: > 0 and <= Store.Limits.AnswerValidatorCharsMax } ? text : null;
    }

    /// <summary>The request's header that names it (RFC 9110, 13.1.2 and 13.1.3).</summary>
    public static string HeaderOf(string validator) => validator is ['"', ..] or ['W', '/', ..] ? "If-None-Match" : "If-Modified-Since";
}
