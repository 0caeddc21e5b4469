using Actors.Git.Remotes;

namespace Actors.Git.Lfs;

/// <summary>Where a repository's LFS server is (docs/api/server-discovery.md).</summary>
public static class LfsServer
{
    /// <summary>The media type of the API's messages.</summary>
    public const string MediaType = "application/vnd.git-lfs+json";

    /// <summary>Of an http or https repository, by its URL: <c>.git/info/lfs</c> behind it, or <c>/info/lfs</c> where it ends with <c>.git</c>. Null for other schemes.</summary>
    public static Uri? Of(RepositoryUrl url)
    {
        string text = url.ToString();
        return url.Scheme is "http" or "https" ? new Uri(text + (text.EndsWith(".git", StringComparison.Ordinal) ? "/info/lfs" : ".git/info/lfs")) : null;
    }

    /// <summary>Where batches are asked for.</summary>
    internal static Uri BatchOf(Uri server) => new(server.AbsoluteUri.TrimEnd('/') + "/objects/batch");
}
