using Actors.Git.Remotes;
using Actors.Store.Heads;
using Actors.Sync.Tests.Repositories;
using Actors.TestKit.Git;
using Actors.Web.Forges;
using Xunit;

namespace Actors.Sync.Tests.Engines;

/// <summary>Real git over HTTP from a forge that misbehaves by script: whatever it does, the store ends right.</summary>
public sealed class HostileForgeTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Faults_leave_no_trace_once_they_stop(int seed)
    {
        await using SyncBed bed = await SyncBed.StartAsync();
        Dictionary<string, GitFixture> sources = [];
        foreach (string name in (string[])["a", "b", "c", "d"])
        {
            sources.Add(name, bed.Make(name, seed).AddHistory(20));
        }

        ForgeScriptOptions options = new()
        {
            FaultShare = 0.5,

            // All but those that wait for a deadline of ours.
            Faults = [.. ForgeScriptOptions.AllFaults.Where(deed => deed is not (ForgeDeed.Stall or ForgeDeed.StallInPack))],
            SlowTime = TimeSpan.FromMilliseconds(1),
            PrivateShare = 0.2,
            FlipTime = TimeSpan.FromHours(1),
        };
        ForgeScript script = new(options, seed);
        bed.Forge.Behaviour = new ForgeBehaviour { Answer = request => script.Answer(ForgeAccent.Seconds, request, DateTimeOffset.UnixEpoch) };
        for (int round = 0; round < 5; round++)
        {
            foreach (string name in sources.Keys)
            {
                await bed.VisitAsync(name);
            }
        }

        Assert.NotEmpty(script.Deeds);
        script.Healthy = true;
        foreach ((string name, GitFixture source) in sources)
        {
            Assert.True((await bed.VisitAsync(name)).Report.Outcome.IsSuccess());
            await bed.AssertHoldsAsync(source, name);
        }
    }

    [Theory]
    [InlineData(AnswerDamage.Bend, 0, Outcome.Corrupt)]
    [InlineData(AnswerDamage.Bend, 700, Outcome.Corrupt)]
    [InlineData(AnswerDamage.Reset, 700, Outcome.Failed)]
    [InlineData(AnswerDamage.Stall, 700, Outcome.TimedOut)]
    [InlineData(AnswerDamage.Reset, 1_000_000, Outcome.New)]
    public async Task A_pack_that_is_spoilt_on_its_way_is_not_taken(AnswerDamage damage, long at, Outcome outcome)
    {
        await using SyncBed bed = await SyncBed.StartAsync(client: new GitClientOptions { ReadIdleTimeMax = TimeSpan.FromSeconds(1) });
        GitFixture source = bed.Make("a").AddHistory(20);
        bed.Forge.Behaviour = new ForgeBehaviour
        {
            Answer = request => request.Body.Span.IndexOf("command=fetch"u8) < 0 ? null : CannedAnswer.Spoilt(new AnswerSpoiling { Damage = damage, AtByte = at }),
        };
        Assert.Equal(outcome, (await bed.VisitAsync("a")).Report.Outcome);
        Assert.Equal(outcome == Outcome.New, (await bed.Objects.ReadFiguresAsync(TestContext.Current.CancellationToken)).Objects > 0);
        bed.Forge.Behaviour = new ForgeBehaviour();
        Assert.True((await bed.VisitAsync("a")).Report.Outcome.IsSuccess());
        await bed.AssertHoldsAsync(source, "a");
    }

    [Theory]
    [InlineData(ForgeAccent.Seconds, RemoteFailureKind.Throttled, true)]
    [InlineData(ForgeAccent.Date, RemoteFailureKind.Throttled, true)]
    [InlineData(ForgeAccent.GitHub, RemoteFailureKind.Forbidden, true)]
    [InlineData(ForgeAccent.GitLab, RemoteFailureKind.Throttled, true)]
    [InlineData(ForgeAccent.ErrorLine, RemoteFailureKind.Throttled, false)]
    [InlineData(ForgeAccent.Silent, RemoteFailureKind.Throttled, false)]
    public async Task Each_forges_way_to_say_too_many_is_understood(ForgeAccent accent, RemoteFailureKind kind, bool told)
    {
        await using SyncBed bed = await SyncBed.StartAsync();
        ForgeScript script = new(new ForgeScriptOptions { Limit = new RequestLimit { RequestsPerSecond = 0.01 }, Accent = accent }, 1);
        script.Next("spent", DateTimeOffset.UnixEpoch);
        bed.Forge.Behaviour = new ForgeBehaviour { Answer = request => script.Answer(accent, request, TimeProvider.System.GetUtcNow()) };
        bed.Make("a");

        // The bucket was emptied at the beginning of time; now it holds one request again, which is spent first.
        await bed.VisitAsync("a");
        var result = await bed.VisitAsync("a");
        Assert.Equal((Outcome.Throttled, kind), (result.Report.Outcome, result.Failure!.Kind));
        Assert.Equal(told, result.Failure.RetryAfter > TimeSpan.Zero);
    }

    [Fact]
    public async Task Renamed_repository_is_found_by_its_old_name_and_deleted_one_is_gone()
    {
        await using SyncBed bed = await SyncBed.StartAsync();
        bed.Make("a-moved").AddHistory(3);
        ForgeScript moved = new(new ForgeScriptOptions { MovedShare = 1 }, 1);
        bed.Forge.Behaviour = new ForgeBehaviour { Answer = request => moved.Answer(ForgeAccent.Seconds, request, DateTimeOffset.UnixEpoch) };
        var found = await bed.VisitAsync("a");
        Assert.Equal((Outcome.New, bed.Url("a-moved"), 1), (found.Report.Outcome, found.Report.MovedTo, found.Report.Redirects));

        ForgeScript gone = new(new ForgeScriptOptions { GoneShare = 1 }, 1);
        bed.Forge.Behaviour = new ForgeBehaviour { Answer = request => gone.Answer(ForgeAccent.Seconds, request, DateTimeOffset.UnixEpoch) };
        var after = await bed.VisitAsync("a");
        Assert.Equal((Outcome.Gone, found.Report.Snapshot), (after.Report.Outcome, after.Report.Snapshot));
    }
}
