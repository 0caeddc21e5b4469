using Actors.Git.Objects;
using Actors.Git.Refs;
using Actors.Git.Remotes;
using Actors.Store.Heads;
using Actors.Sync.Outcomes;
using Actors.TestKit.Clocks;
using Actors.Web.Forges;

namespace Actors.Sync.Tests.Simulation.Fleets;

/// <summary>git's wire to a fleet: what is asked is answered from the truth, late, and spoilt by the hosts' scripts. Notes for each visit what befell it.</summary>
internal sealed class FleetGit(FleetWorld world, FleetStore store, FleetOptions options, Random random) : IGitClient
{
    /// <summary>The longest that the real client waits between two reads.</summary>
    private const int StallMs = 60_000;

    public ServerProfiles Profiles { get; } = new();

    public ManualTimeProvider Clock { get; set; } = new();

    /// <summary>Faults have stopped; limits stay, and what is gone or moved remains so.</summary>
    public bool Healthy { get; set; }

    public async ValueTask<ProbeReply> ProbeAsync(RepositoryUrl url, RefSelection refs, CancellationToken cancellationToken)
    {
        FleetName asked = world.Find(url)!;
        (RemoteFailure? failure, _) = await AskAsync(asked, isFetch: false, cancellationToken);
        FleetName name = asked.Resolve();
        failure ??= name.Now.Refs is null ? Fail(asked, new RemoteFailure(RemoteFailureKind.NotFound, "not found", 404)) : null;
        asked.Lead(name);
        if (failure is not null)
        {
            return new FleetReply(null) { Failure = failure, Requests = 1, BytesReceived = failure.HttpStatus is null ? 0 : 20 };
        }

        Profiles.Learn(url.Host, asked.Host.Profile);
        return new FleetReply(name.Now.Refs)
        {
            Digest = name.Now.Refs!.Digest, Profile = asked.Host.Profile, MovedTo = name == asked ? null : name.Url, Redirects = name == asked ? 0 : 1, Requests = 1, BytesReceived = 100,
        };
    }

    public async Task<FetchResult> FetchAsync(RepositoryUrl url, FetchRequest request, Func<Stream, CancellationToken, Task> receiver, CancellationToken cancellationToken)
    {
        // The ladder asks where the probe was redirected to: the visit is that of the name that led here.
        FleetName name = world.Find(url)!;
        (RemoteFailure? failure, ForgeDeed deed) = await AskAsync(name, isFetch: true, cancellationToken);
        FleetRefs? refs = name.Resolve().Now.Refs;
        failure ??= refs is null ? Fail(name, new RemoteFailure(RemoteFailureKind.NotFound, "not found", 404))
            : request.Wants.Any(want => !FleetHistories.Commits.TryGetValue(want, out FleetCommit? commit) || !refs.Reaches(commit)) ? Fail(name, new RemoteFailure(RemoteFailureKind.NotOurRef, "not our ref"))
            : null;
        if (failure is not null)
        {
            return new FetchResult { Failure = failure, Requests = 1 };
        }

        FleetCommit[] common = [.. request.Haves.Select(have => FleetHistories.Commits.GetValueOrDefault(have)).OfType<FleetCommit>().Where(refs!.Reaches)];
        FetchResult result = new() { Common = [.. common.Select(commit => commit.Oid)], Requests = 1 };
        return request.OnlyCommon || (request.NothingInCommon == NothingInCommon.Stop && common.Length == 0)
            ? result
            : await SendAsync(name, Collect(request, common), deed, result, receiver, cancellationToken);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private async Task<FetchResult> SendAsync(
        FleetName name, List<KeyValuePair<Oid, GitObject>> objects, ForgeDeed deed, FetchResult result, Func<Stream, CancellationToken, Task> receiver, CancellationToken cancellationToken)
    {
        if (!Healthy && random.NextDouble() < options.LyingShare && objects.Count > 0)
        {
            // It leaves something out, or sends another's history.
            objects = random.Next(2) == 0 ? [.. objects.Where((_, place) => place != objects.Count / 2)] : [.. FleetHistories.Find(random.Next(FleetHistories.Count), 0, false).Objects];
            name.Suffer(Outcome.Corrupt);
        }

        if (deed == ForgeDeed.BentPack)
        {
            name.Suffer(Outcome.Corrupt);
        }

        byte[] bytes = store.Pack(objects, deed == ForgeDeed.BentPack).ToBytes();
        result = result with { BytesReceived = bytes.Length };
        if (deed is not (ForgeDeed.StallInPack or ForgeDeed.ResetInPack))
        {
            await receiver(new MemoryStream(bytes), cancellationToken);
            return result with { PackReceived = true };
        }

        await Clock.PauseAsync(deed == ForgeDeed.StallInPack ? StallMs : 1, cancellationToken);
        try
        {
            await receiver(new BrokenStream(bytes[..(bytes.Length / 2)]), cancellationToken);
            throw new InvalidOperationException("Half a pack was taken for a whole one.");
        }
        catch (IOException)
        {
            return result with
            {
                Failure = Fail(name, deed == ForgeDeed.StallInPack ? new RemoteFailure(RemoteFailureKind.TimedOut, "nothing more came") : new RemoteFailure(RemoteFailureKind.CutOff, "reset in the pack")),
            };
        }
    }

    /// <summary>What the wants reach and the common ones do not.</summary>
    private static List<KeyValuePair<Oid, GitObject>> Collect(FetchRequest request, FleetCommit[] common)
    {
        HashSet<FleetCommit> seen = [];
        List<KeyValuePair<Oid, GitObject>> objects = [];
        foreach (Oid want in request.Wants)
        {
            for (FleetCommit? commit = FleetHistories.Commits[want]; commit is not null && !Array.Exists(common, one => one.Reaches(commit)) && seen.Add(commit); commit = commit.Parent)
            {
                objects.AddRange(commit.Objects);
            }
        }

        return objects;
    }

    /// <summary>One request up to its answer: what its host does with it.</summary>
    private async Task<(RemoteFailure? Failure, ForgeDeed Deed)> AskAsync(FleetName name, bool isFetch, CancellationToken cancellationToken)
    {
        await Clock.PauseAsync(random.Next(1, 200), cancellationToken);
        DateTimeOffset now = Clock.GetUtcNow();
        if (!Healthy && now >= name.Host.Down.From && now < name.Host.Down.To)
        {
            await Clock.PauseAsync(random.Next(3) == 0 ? 10_000 : 1, cancellationToken);
            return (Fail(name, new RemoteFailure(RemoteFailureKind.Unreachable, random.Next(2) == 0 ? "no such host" : "the certificate has expired")), default);
        }

        ForgeAct act = name.Host.Script.Next(name.Url.ToString(), now, isFetch);
        int wait = act.Deed switch
        {
            ForgeDeed.Stall => StallMs,
            ForgeDeed.SlowStart => (int)act.Delay.TotalMilliseconds,
            _ => random.Next(1, 400),
        };
        await Clock.PauseAsync(wait, cancellationToken);
        RemoteFailure? failure = FailureOf(act, name.Host.Accent);
        return (failure is null ? null : Fail(name, failure), act.Deed);
    }

    private static RemoteFailure? FailureOf(ForgeAct act, ForgeAccent accent) => act.Deed switch
    {
        ForgeDeed.Throttle or ForgeDeed.Ban when accent == ForgeAccent.GitHub => new RemoteFailure(act.Deed == ForgeDeed.Ban ? RemoteFailureKind.Unauthorized : RemoteFailureKind.Forbidden, "no", 403, act.RetryAfter),
        ForgeDeed.Ban when accent == ForgeAccent.GitLab => new RemoteFailure(RemoteFailureKind.Forbidden, "Forbidden", 403, act.RetryAfter),
        ForgeDeed.Throttle or ForgeDeed.Ban => new RemoteFailure(RemoteFailureKind.Throttled, "slow down", 429, act.RetryAfter),
        ForgeDeed.Gone => new RemoteFailure(RemoteFailureKind.NotFound, "not found", 404),
        ForgeDeed.Private => new RemoteFailure(RemoteFailureKind.Unauthorized, "credentials, please", 401),
        ForgeDeed.ServerError => new RemoteFailure(RemoteFailureKind.ServerError, "oops", 500),
        ForgeDeed.Garbage => new RemoteFailure(RemoteFailureKind.Malformed, "no pkt-line", 200),
        ForgeDeed.Truncate or ForgeDeed.Reset => new RemoteFailure(RemoteFailureKind.CutOff, "the answer ends early", 200),
        ForgeDeed.Stall => new RemoteFailure(RemoteFailureKind.TimedOut, "nothing came"),
        _ => null,
    };

    /// <summary>The visit, and its host, have this to say for themselves.</summary>
    private RemoteFailure Fail(FleetName name, RemoteFailure failure)
    {
        DateTimeOffset now = Clock.GetUtcNow();
        name.Suffer(OutcomeRules.Judge(failure, 0, now).Outcome);
        name.Host.Hear(failure, now);
        return failure;
    }
}
