using Actors.Store.Blobs;
using Actors.Store.Heads;
using Actors.Sync.Campaigns;
using Actors.Sync.Engines;
using Actors.Sync.Repositories;

namespace Actors.Sync.Mirrors;

/// <summary>
/// Mirrors many pairs: one campaign of the engine over all sources, each mirror published as soon as its source's sync has
/// ended and is durable, while others are still synced. Of one mirror only one pair is named.
/// </summary>
/// <param name="engine">Syncs the sources.</param>
/// <param name="publisher">Publishes the mirrors.</param>
/// <param name="openTarget">Opens a pair's target; is asked once for each publication, which disposes of it.</param>
public sealed class MirrorCampaign(IEngine engine, MirrorPublisher publisher, Func<string, IBlobStore> openTarget)
{
    /// <summary>Runs to the end.</summary>
    /// <param name="pairs">What is mirrored, and where.</param>
    /// <param name="request">How sources are synced; its list is made here.</param>
    /// <param name="observer">Told what happens.</param>
    /// <param name="cancellationToken">Takes up nothing more; what is being published ends as a crash would end it: the next run converges.</param>
    public async Task RunAsync(
        IReadOnlyList<MirrorPair> pairs, Func<TextReader, CampaignRequest> request, IMirrorObserver observer, CancellationToken cancellationToken)
    {
        Dictionary<string, string[]> targets = pairs.GroupBy(pair => pair.Source.ToString(), StringComparer.Ordinal)
            .ToDictionary(group => group.Key, group => group.Select(pair => pair.Target).Distinct().ToArray(), StringComparer.Ordinal);
        MirrorObserving observing = new(observer, targets.Values.Sum(some => some.Length));
        using StringReader list = new(string.Join('\n', targets.Keys));

        // 1. Opening a bucket for the first time loads a large library: meanwhile the first source is asked.
        Task warming = Task.Run(() => WarmAsync(pairs), CancellationToken.None);

        // 2. Publishers take up what the engine has ended, and end when it has and nothing is left.
        Task[] publishers = [.. Enumerable.Range(0, Math.Min(Limits.MirrorJobs, pairs.Count)).Select(_ => PublishAsync(observing, targets, cancellationToken))];

        // 3. The syncs. A failure of the engine ends the publishers too.
        try
        {
            _ = await engine.RunAsync(request(list), observing, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            observing.Complete();
            await warming.ConfigureAwait(false);
            await Task.WhenAll(publishers).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        await Task.WhenAll(publishers).ConfigureAwait(false);
    }

    private async Task WarmAsync(IReadOnlyList<MirrorPair> pairs)
    {
        try
        {
            if (pairs.FirstOrDefault(pair => BlobAddress.TryParse(pair.Target, out BlobAddress? address, out _) && address.IsBucket) is { } first)
            {
                await openTarget(first.Target).DisposeAsync().ConfigureAwait(false);
            }
        }
        catch (IOException)
        {
            // Told when it is needed.
        }
    }

    private async Task PublishAsync(MirrorObserving observing, Dictionary<string, string[]> targets, CancellationToken cancellationToken)
    {
        await foreach (SyncReport sync in observing.Ended.ReadAllAsync(cancellationToken).ConfigureAwait(false))
        {
            foreach (string target in targets.GetValueOrDefault(sync.Url.ToString(), []))
            {
                observing.MirrorBegan();
                observing.MirrorEnded(await PublishAsync(sync, target, cancellationToken).ConfigureAwait(false));
            }
        }
    }

    /// <summary>A source that is gone keeps its mirror, and what an earlier run could not publish is published even then.</summary>
    private async Task<MirrorReport> PublishAsync(SyncReport sync, string target, CancellationToken cancellationToken)
    {
        if (sync.Snapshot is not { } snapshot)
        {
            return new MirrorReport { Source = sync.Url, Target = target, Outcome = MirrorOutcome.Kept, Sync = sync, Error = Reason(sync) };
        }

        MirrorReport report;
        try
        {
            IBlobStore blobs = openTarget(target);
            await using (blobs.ConfigureAwait(false))
            {
                report = await publisher.PublishAsync(sync.Url, snapshot, blobs, cancellationToken).ConfigureAwait(false);
            }
        }
        catch (IOException e)
        {
            report = new MirrorReport { Source = sync.Url, Target = target, Outcome = MirrorOutcome.Failed, Error = e.Message };
        }

        return !sync.Outcome.IsSuccess() && report.Outcome == MirrorOutcome.Unchanged
            ? report with { Outcome = MirrorOutcome.Kept, Sync = sync, Error = Reason(sync) }
            : report with { Sync = sync };
    }

    private static string Reason(SyncReport sync) => $"the source's sync ended as '{sync.Outcome.ToName()}': {sync.Error}";
}
