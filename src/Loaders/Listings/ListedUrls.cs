using System.Diagnostics.CodeAnalysis;
using Actors.Git.Remotes;
using Actors.Sync.Campaigns;

namespace Actors.Loaders.Listings;

/// <summary>Addresses that a forge names: only what a list may hold, and what leads over the network.</summary>
internal static class ListedUrls
{
    private static readonly string[] Preferred = ["https", "http", "git", "ssh"];

    /// <summary>The best address of those that can be used: https before http before git before ssh.</summary>
    public static bool TryChoose(IReadOnlyList<string> texts, out RepositoryUrl url, [NotNullWhen(false)] out string? reason)
    {
        (url, reason) = (default, "no address to clone it from is told");
        int best = Preferred.Length;
        foreach (string text in texts)
        {
            RepositoryUrl one = default;
            string? why = text.Length > Limits.ListedUrlCharsMax ? $"an address of more than {Limits.ListedUrlCharsMax} characters" : null;
            // A forge says whole addresses: what looks like a path or another program's business is none.
            why ??= text.Contains("://", StringComparison.Ordinal) && !text.Any(char.IsControl) ? null : "not an address";
            why ??= TryParse(text, out one, out string? refused) ? null : refused;
            int rank = why is null ? Array.IndexOf(Preferred, one.Scheme) : -1;
            if (rank >= 0 && rank < best)
            {
                (best, url) = (rank, one);
            }
            else if (rank < 0 && best == Preferred.Length)
            {
                reason = why ?? "not an address of the network";
            }
        }

        reason = best < Preferred.Length ? null : reason;
        return reason is null;
    }

    private static bool TryParse(string text, out RepositoryUrl url, out string? reason)
    {
        try
        {
            // What a list would read as a field's end or a comment is written as it is in an address.
            string written = text.Trim().Replace(";", "%3B", StringComparison.Ordinal).Replace(" ", "%20", StringComparison.Ordinal);
            if (!RepositoryUrl.TryParse(written, out url, out reason))
            {
                return false;
            }

            reason = ListLine.Parse(url.ToString()).Url == url ? null : "an address that a list cannot hold";
            return reason is null;
        }
        catch (Exception e) when (e is FormatException or ArgumentException or IOException or NotSupportedException)
        {
            // The platform's address type throws for some odd texts instead of refusing them.
            (url, reason) = (default, "not an address");
            return false;
        }
    }
}
