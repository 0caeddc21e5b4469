using Actors.Store.Heads;
using Actors.Sync.ForgeHosts;
using Actors.Sync.Outcomes;
using Actors.Sync.Repositories;

namespace Actors.Sync.Engines;

/// <summary>How a sync ends whose host was not asked: given up, or silent for longer than the campaign waits.</summary>
internal static class NotAsked
{
    public static SyncResult Result(in TakenSync taken, Outcome outcome, DateTimeOffset now)
    {
        DateTimeOffset retryAt = new(taken.RetryAt, TimeSpan.Zero);
        string error = outcome == Outcome.Throttled
            ? $"not asked: {taken.Host.Host} wants no requests for now"
            : $"not asked: {taken.Host.Host} did not answer";
        SyncReport report = new()
        {
            Url = taken.Sync.Url,
            Outcome = outcome,
            Snapshot = taken.Sync.Known?.Snapshot,
            RetryAt = retryAt,
            Fault = outcome == Outcome.Throttled ? Fault.Forge : Fault.Network,
            Error = error,
        };
        Visit visit = new() { Url = taken.Sync.Url, StartedAt = now, Outcome = outcome, RetryAt = retryAt, Error = error };
        return new SyncResult(report, visit, null);
    }
}
