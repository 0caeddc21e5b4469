using Actors.Git.Remotes;

namespace Actors.Sync.Campaigns;

/// <summary>Which URLs of strangers' lists a server visits. Addresses are judged when they are connected to (<see cref="GitClientOptions.AllowPrivate"/>).</summary>
public static class ServedUrls
{
    /// <summary>Only <c>https</c> and <c>http</c>: paths would read the server's disk, ssh would use its keys, and git's own protocol is plain text to any port.</summary>
    /// <returns>Why it is refused, for a person; or null.</returns>
    public static string? Refuse(RepositoryUrl url) => url.Scheme switch
    {
        "https" or "http" => null,
        "file" => "this server reads no files or paths: give an https URL",
        string scheme => $"this server visits no {scheme}:// URLs: give an https URL",
    };
}
