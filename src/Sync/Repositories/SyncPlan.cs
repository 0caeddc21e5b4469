using Actors.Git.Remotes;

namespace Actors.Sync.Repositories;

/// <summary>Which rung of the ladder comes first, and which after one that did not carry. Pure.</summary>
internal static class SyncPlan
{
    /// <summary>The cheapest rung that can bring what is missing.</summary>
    public static Rung First(PlanFacts facts) =>
        !facts.TipsMissing ? Rung.HeadsOnly
        : facts.StoreEmpty ? Rung.Everything
        : facts.Version < 2 ? (facts.AnyHaves ? Rung.LegacyProtocol : Rung.Everything)
        : facts.OwnHeads ? Rung.OwnHeads
        : facts.CanProbeCommits ? Rung.CommitProbe
        : LastResort(facts);

    /// <summary>The rung after one that ended without objects; null: there is none.</summary>
    /// <param name="facts">As for <see cref="First"/>.</param>
    /// <param name="ended">The rung that did not carry.</param>
    /// <param name="looksStored">Most content that was sampled is in the store.</param>
    public static Rung? Next(PlanFacts facts, Rung ended, bool looksStored) => ended switch
    {
        Rung.OwnHeads => facts.CanProbeCommits ? Rung.CommitProbe : Rung.SampledHaves,
        Rung.CommitProbe when looksStored => Rung.MissingBlobs,
        Rung.CommitProbe or Rung.MissingBlobs => LastResort(facts),
        _ => null,
    };

    /// <summary>
    /// Whether a remote's failure speaks against the rung rather than against the repository: filters, <c>deepen</c> and
    /// unadvertised wants are refused in many ways, and plain fetches of the same remote still work.
    /// </summary>
    public static bool SpeaksAgainstRung(Rung rung, RemoteFailureKind failure) => rung switch
    {
        Rung.CommitProbe => failure is RemoteFailureKind.RemoteError or RemoteFailureKind.CutOff or RemoteFailureKind.Malformed
            or RemoteFailureKind.ServerError or RemoteFailureKind.Unsupported,
        Rung.MissingBlobs => failure is RemoteFailureKind.RemoteError or RemoteFailureKind.CutOff or RemoteFailureKind.Malformed
            or RemoteFailureKind.ServerError or RemoteFailureKind.Unsupported or RemoteFailureKind.NotOurRef,
        _ => false,
    };

    private static Rung LastResort(PlanFacts facts) => facts.AnyHaves ? Rung.SampledHaves : Rung.Everything;
}
