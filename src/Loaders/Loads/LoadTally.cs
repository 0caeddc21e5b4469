using Actors.Git.Objects;
using Actors.Git.Remotes;
using Actors.Store.ExtIds;

namespace Actors.Loaders.Loads;

/// <summary>What one load has found so far.</summary>
internal sealed class LoadTally
{
    /// <summary>The host whose permit the visit holds: downloads from others need permits of their own.</summary>
    public required ForgeHost PermittedHost { get; init; }

    /// <summary>Version, branch and target of each release that is in the next snapshot.</summary>
    public List<(string Version, string Branch, Oid Target)> Branches { get; } = [];

    /// <summary>Releases that this visit made, by manifest: the same one again (a Debian version in two suites) is not fetched twice.</summary>
    public Dictionary<ExtId, Oid> Made { get; } = [];

    public List<KeyValuePair<string, string>> Failures { get; } = [];

    /// <summary>Branches of releases that are listed and failed: what was there before stays.</summary>
    public HashSet<string> FailedBranches { get; } = new(StringComparer.Ordinal);

    /// <summary>To be written when the visit is.</summary>
    public List<ExtIdLink> Links { get; } = [];

    public long[] NewObjects { get; } = new long[5];

    public int Loaded { get; set; }

    public int Skipped { get; set; }

    public int Downloads { get; set; }

    public long BytesReceived { get; set; }

    /// <summary>The longest wait that a file host asked for.</summary>
    public TimeSpan? RetryAfter { get; set; }

    /// <summary>What the registry calls its answer, to be remembered when the visit is full.</summary>
    public AnswerMark? Answer { get; set; }

    public bool IsEventful => Loaded + Skipped > 0;

    public void Fail(Packages.PackageRelease release, string error)
    {
        Failures.Add(new(release.Branch["releases/".Length..], error));
        _ = FailedBranches.Add(release.Branch);
    }
}
