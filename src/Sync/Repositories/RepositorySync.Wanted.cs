using Actors.Git.Refs;
using Actors.Git.Remotes;
using Actors.Store.Heads;

namespace Actors.Sync.Repositories;

/// <summary>Objects that no visit brings, because no ref of the visit's selection names them.</summary>
public sealed partial class RepositorySync
{
    /// <summary>
    /// Brings what these tips reach and the store lacks, whole histories, by the same ladder as a visit. No visit and no heads
    /// come of it. Whatever the remote does is an outcome.
    /// </summary>
    /// <param name="url">The repository.</param>
    /// <param name="tips">Refs as a probe showed them, or wanted oids under names of the caller's.</param>
    /// <param name="known">What the head store knows of it, or null.</param>
    /// <param name="options">What all syncs share.</param>
    /// <param name="tally">What it costs is added here.</param>
    /// <param name="cancellationToken">Ends the fetch.</param>
    /// <returns>Null: everything is here, durable. Else the remote's failure, or our own words for one.</returns>
    internal async Task<RemoteFailure?> FetchTipsAsync(
        RepositoryUrl url, IReadOnlyList<RefTip> tips, RepositoryState? known, SyncOptions options, SyncTally tally, CancellationToken cancellationToken)
    {
        var start = new SyncStart(url, known, options, _clock.GetUtcNow(), _clock.GetTimestamp());
        using var deadline = new CancellationTokenSource(TimeLeft(start), _clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        try
        {
            Snapshot? previous = known?.Snapshot is { } id ? await _heads.ReadSnapshotAsync(id, either.Token).ConfigureAwait(false) : null;
            ServerProfile? profile = await _client.LearnAsync(url, either.Token).ConfigureAwait(false);
            var ladder = new Ladder(
                _client, _objects, options, url, profile, previous, isParents: false, tally, $"{url} {start.At:O}", ToldNewObjects(start), IsStoreEmptyAsync);
            RungEnd end = await ladder.ClimbAsync(TipSet.Of(new RefAdvertisement(ObjectFormat.Sha1, tips, [], null)), either.Token).ConfigureAwait(false);
            return end.IsClosed ? null : end.Failure ?? new RemoteFailure(RemoteFailureKind.Malformed, end.Refusal?.Error ?? "nothing came");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested && deadline.IsCancellationRequested)
        {
            return new RemoteFailure(RemoteFailureKind.TimedOut, $"not done after {options.SyncTimeMax}, the longest that one fetch may take");
        }
        catch (Exception exception) when (exception is IOException or Git.GitFormatException)
        {
            return new RemoteFailure(RemoteFailureKind.Malformed, exception.Message);
        }
    }
}
