using Actors.Git.Remotes;
using Actors.Sync.Repositories;
using Xunit;

namespace Actors.Sync.Tests.Repositories;

public sealed class SyncPlanTests
{
    private static readonly PlanFacts Changed = new() { TipsMissing = true, Version = 2, CanProbeCommits = true };

    [Fact]
    public void Nothing_missing_needs_no_fetch() =>
        Assert.Equal(Rung.HeadsOnly, SyncPlan.First(Changed with { TipsMissing = false, OwnHeads = true }));

    [Fact]
    public void Own_heads_come_first() =>
        Assert.Equal(Rung.OwnHeads, SyncPlan.First(Changed with { OwnHeads = true, KnownTips = true }));

    [Fact]
    public void A_repository_never_visited_is_probed() => Assert.Equal(Rung.CommitProbe, SyncPlan.First(Changed));

    [Fact]
    public void An_empty_store_has_nothing_to_compare_with() =>
        Assert.Equal(Rung.Everything, SyncPlan.First(Changed with { StoreEmpty = true }));

    [Theory]
    [InlineData(true, Rung.SampledHaves)]
    [InlineData(false, Rung.Everything)]
    public void Without_filter_only_known_tips_help_a_repository_never_visited(bool knownTips, Rung expected) =>
        Assert.Equal(expected, SyncPlan.First(Changed with { CanProbeCommits = false, KnownTips = knownTips }));

    [Theory]
    [InlineData(0, true, false, Rung.LegacyProtocol)]
    [InlineData(1, false, true, Rung.LegacyProtocol)]
    [InlineData(0, false, false, Rung.Everything)]
    public void Older_protocols_negotiate_over_what_they_show(int version, bool ownHeads, bool knownTips, Rung expected) =>
        Assert.Equal(expected, SyncPlan.First(Changed with { Version = version, OwnHeads = ownHeads, KnownTips = knownTips }));

    [Fact]
    public void Every_climb_ends()
    {
        foreach (PlanFacts facts in AllFacts())
        {
            foreach (bool looksStored in (bool[])[false, true])
            {
                var climbed = new List<Rung>();
                for (Rung? rung = SyncPlan.First(facts); rung is not null; rung = SyncPlan.Next(facts, rung.Value, looksStored))
                {
                    Assert.DoesNotContain(rung.Value, climbed);
                    climbed.Add(rung.Value);
                }

                Assert.Contains(climbed[^1], (Rung[])[Rung.HeadsOnly, Rung.SampledHaves, Rung.LegacyProtocol, Rung.Everything]);
            }
        }
    }

    [Fact]
    public void Everything_is_never_asked_of_a_remote_that_shares_heads()
    {
        foreach (PlanFacts facts in AllFacts().Where(facts => facts is { OwnHeads: true, StoreEmpty: false }))
        {
            for (Rung? rung = SyncPlan.First(facts); rung is not null; rung = SyncPlan.Next(facts, rung.Value, looksStored: false))
            {
                Assert.NotEqual(Rung.Everything, rung.Value);
            }
        }
    }

    [Theory]
    [InlineData(Rung.CommitProbe, RemoteFailureKind.RemoteError, true)]
    [InlineData(Rung.CommitProbe, RemoteFailureKind.CutOff, true)]
    [InlineData(Rung.CommitProbe, RemoteFailureKind.NotOurRef, false)]
    [InlineData(Rung.CommitProbe, RemoteFailureKind.Throttled, false)]
    [InlineData(Rung.CommitProbe, RemoteFailureKind.Unreachable, false)]
    [InlineData(Rung.MissingBlobs, RemoteFailureKind.NotOurRef, true)]
    [InlineData(Rung.MissingBlobs, RemoteFailureKind.TimedOut, false)]
    [InlineData(Rung.OwnHeads, RemoteFailureKind.RemoteError, false)]
    [InlineData(Rung.Everything, RemoteFailureKind.CutOff, false)]
    public void Only_unusual_requests_are_blamed_for_a_refusal(Rung rung, RemoteFailureKind failure, bool expected) =>
        Assert.Equal(expected, SyncPlan.SpeaksAgainstRung(rung, failure));

    private static IEnumerable<PlanFacts> AllFacts()
    {
        bool[] both = [false, true];
        return from missing in both
               from own in both
               from known in both
               from empty in both
               from version in (int[])[0, 1, 2]
               from probe in both
               select new PlanFacts { TipsMissing = missing, OwnHeads = own, KnownTips = known, StoreEmpty = empty, Version = version, CanProbeCommits = probe };
    }
}
