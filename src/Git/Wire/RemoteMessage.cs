using System.Text;
using Actors.Git.Remotes;

namespace Actors.Git.Wire;

/// <summary>A remote's own words: an <c>ERR</c> pkt-line (gitprotocol-pack, "error-line"), sideband 3, or a program's error channel.</summary>
internal static class RemoteMessage
{
    private static readonly string[] Throttling =
    [
        "rate limit", "rate-limit", "ratelimit", "too many requests", "temporarily limiting", "temporarily blocked", "throttl",
        "try again later", "slow down", "too many connections", "over capacity", "quota exceeded", "abuse detection",
    ];

    private static readonly string[] Gone =
    [
        "repository not exported", "repository not found", "no such repository", "does not appear to be a git repository",
        "does not exist", "not a git repository", "no such file or directory", "project you were looking for could not be found", "no such project",
    ];

    private static readonly string[] Refused =
    [
        "permission denied", "access denied", "dubious ownership", "unsafe repository", "host key verification failed", "not authorized", "forbidden",
    ];

    private static readonly string[] Unreachable =
    [
        "could not resolve hostname", "connection refused", "no route to host", "network is unreachable", "name or service not known",
    ];

    private static readonly string[] TimedOut = ["connection timed out", "operation timed out"];

    private static readonly string[] CutOff = ["connection reset", "connection closed", "broken pipe", "hung up unexpectedly"];

    /// <summary>Whether the payload is an error-line, and its words.</summary>
    public static bool IsError(ReadOnlySpan<byte> payload, out ReadOnlySpan<byte> words)
    {
        bool error = payload.StartsWith("ERR "u8);
        words = error ? payload[4..] : default;
        return error;
    }

    /// <summary>What the words mean. Throttling first: "access denied: too many requests" is a wish to wait.</summary>
    public static RemoteFailure Classify(ReadOnlySpan<byte> words)
    {
        string message = Clean(words);
        RemoteFailureKind kind =
            Says(message, Throttling) ? RemoteFailureKind.Throttled
            : message.Contains("not our ref", StringComparison.OrdinalIgnoreCase)
                || (message.Contains("want ", StringComparison.Ordinal) && message.Contains("not valid", StringComparison.Ordinal)) ? RemoteFailureKind.NotOurRef
            : Says(message, Gone) ? RemoteFailureKind.NotFound
            : Says(message, Refused) ? RemoteFailureKind.Forbidden
            : Says(message, Unreachable) ? RemoteFailureKind.Unreachable
            : Says(message, TimedOut) ? RemoteFailureKind.TimedOut
            : Says(message, CutOff) ? RemoteFailureKind.CutOff
            : RemoteFailureKind.RemoteError;
        return new RemoteFailure(kind, message.Length == 0 ? "The remote reports an error without words." : message);
    }

    /// <summary>Words of a refused HTTP request that ask for patience.</summary>
    public static bool AsksForPatience(string message) => Says(message, Throttling);

    /// <summary>UTF-8 as far as it is, control characters turned to spaces, cut to <see cref="Limits.RemoteMessageCharsMax"/>.</summary>
    public static string Clean(ReadOnlySpan<byte> words)
    {
        string text = Encoding.UTF8.GetString(words[..Math.Min(words.Length, 4 * Limits.RemoteMessageCharsMax)]);
        StringBuilder clean = new(Math.Min(text.Length, Limits.RemoteMessageCharsMax));
        foreach (char c in text)
        {
            // Lines of separators in C1, bidirectional overrides and lone surrogates would garble a terminal or a report.
            bool visible = !char.IsControl(c) && !char.IsSurrogate(c) && c is not (>= '\u2028' and <= '\u202e') and not (>= '\u2066' and <= '\u2069');
            if (clean.Length == Limits.RemoteMessageCharsMax)
            {
                break;
            }

            if (visible && c != ' ')
            {
                clean.Append(c);
            }
            else if (clean.Length > 0 && clean[^1] != ' ')
            {
                clean.Append(' ');
            }
        }

        return clean.ToString().TrimEnd();
    }

    private static bool Says(string message, string[] phrases)
    {
        foreach (string phrase in phrases)
        {
            if (message.Contains(phrase, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }
}
