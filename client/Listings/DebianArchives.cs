using Actors.Loaders.Packages;

namespace Actors.Client.Listings;

/// <summary>Where this machine's apt finds Debian's suites.</summary>
internal sealed class DebianArchives(Ecosystems ecosystems)
{
    /// <summary>The archive that has a suite: the one that apt's sources name with it, else the first of all, since a mirror has every suite.</summary>
    public Uri? Find(string suite) => (ecosystems.Find("debian", suite.Trim('/') + "/") ?? ecosystems.Find("debian", "/")) is not { } found ? null
        : found.AbsoluteUri.EndsWith('/') ? found : new Uri(found.AbsoluteUri + "/");
}
