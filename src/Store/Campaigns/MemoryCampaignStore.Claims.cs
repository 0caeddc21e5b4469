using Actors.Git.Remotes;
using Actors.Store.Campaigns.Memory;

namespace Actors.Store.Campaigns;

public sealed partial class MemoryCampaignStore
{
    public Task<IReadOnlyList<ClaimedChunk>> ClaimAsync(ClaimRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        lock (_gate)
        {
            DateTimeOffset now = _clock.GetUtcNow();
            HashSet<ForgeHost> avoided = [.. request.Avoided, .. _pauses.Values.Where(p => IsPaused(p, now)).Select(p => p.Host)];
            List<ClaimedChunk> claimed = [];
            IEnumerable<MemoryCampaign> campaigns = _campaigns.Values.Where(c => c.Stage == CampaignStage.Running)
                .OrderByDescending(c => c.Priority).ThenBy(_ => _random.Next()).ToList();
            foreach (MemoryCampaign campaign in campaigns)
            {
                HashSet<ForgeHost> others = request is { Unshared: true, Wanted: null }
                    ? [.. campaign.Chunks.Where(c => !c.Closed && c.FreeAt > now && c.Host is not null && c.Holder is not null && c.Holder != request.Holder).Select(c => c.Host!.Value)]
                    : [];
                var hosts = campaign.Chunks.Where(c => !c.Closed && c.FreeAt <= now).GroupBy(c => c.Host ?? default)
                    .Where(g => !avoided.Contains(g.Key) && !others.Contains(g.Key) && request.Wanted?.Contains(g.Key) != false).OrderBy(_ => _random.Next()).ToList();
                foreach (MemoryChunk chunk in hosts.SelectMany(h => h.Take(request.PerHostMax)).Take(Math.Max(0, Math.Min(request.Max, Limits.ChunksClaimedMax) - claimed.Count)))
                {
                    (chunk.Holder, chunk.FreeAt, chunk.Checkpoint) = (request.Holder, now + request.Lease, 0);
                    chunk.Claim++;
                    claimed.Add(new ClaimedChunk { Hold = new ChunkHold(campaign.Id, chunk.Number, chunk.Claim), Host = chunk.Host, Lines = chunk.Lines, Done = chunk.Done.ToArray() });
                }
            }

            return Task.FromResult<IReadOnlyList<ClaimedChunk>>(claimed);
        }
    }

    public Task<IReadOnlyList<HoldState>> RenewAsync(IReadOnlyList<ChunkHold> holds, TimeSpan lease, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(holds);
        lock (_gate)
        {
            DateTimeOffset now = _clock.GetUtcNow();
            return Task.FromResult<IReadOnlyList<HoldState>>([.. holds.Select(Renew)]);

            HoldState Renew(ChunkHold hold)
            {
                if (Find(hold) is not { Chunk: { Holder: not null, Closed: false } chunk } found)
                {
                    return HoldState.Lost;
                }

                chunk.FreeAt = now + lease;
                return found.Campaign.Stage == CampaignStage.Running ? HoldState.Held : HoldState.Stop;
            }
        }
    }

    public Task<HoldState> CheckpointAsync(ChunkCheckpoint checkpoint, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(checkpoint);
        cancellationToken.ThrowIfCancellationRequested();
        lock (_gate)
        {
            if (Find(checkpoint.Hold) is not { } found || (found.Chunk.Holder is null && found.Chunk.Checkpoint < checkpoint.Number))
            {
                return Task.FromResult(HoldState.Lost);
            }

            if (found.Chunk.Checkpoint < checkpoint.Number)
            {
                Write(found.Campaign, found.Chunk, checkpoint);
            }

            return Task.FromResult(found.Campaign.Stage is CampaignStage.Running or CampaignStage.Done ? HoldState.Held : HoldState.Stop);
        }
    }

    private void Write(MemoryCampaign campaign, MemoryChunk chunk, ChunkCheckpoint checkpoint)
    {
        byte[] before = chunk.Done;
        chunk.Done = checkpoint.Done.ToArray();
        if (chunk.Done.Length != before.Length || (checkpoint.Next == ChunkNext.Close && chunk.CountDone() != chunk.Lines.Length))
        {
            chunk.Done = before;
            throw new ArgumentException("A chunk was ended that has lines without an outcome, or its lines are not those that are told of.", nameof(checkpoint));
        }

        DateTimeOffset now = _clock.GetUtcNow();
        (chunk.Checkpoint, chunk.Closed, chunk.FreeAt) = (checkpoint.Number, checkpoint.Next == ChunkNext.Close, now + checkpoint.Time);
        chunk.Holder = checkpoint.Next == ChunkNext.GoOn ? chunk.Holder : null;
        campaign.Count(checkpoint.Counts);
        campaign.Report.AddRange(checkpoint.Report.Select(r => r.ToArray()));
        _ = campaign.TryEnd(now);
    }

    private (MemoryCampaign Campaign, MemoryChunk Chunk)? Find(ChunkHold hold) =>
        _campaigns.TryGetValue(hold.Campaign.Number, out MemoryCampaign? campaign) && hold.Chunk > 0 && hold.Chunk <= campaign.Chunks.Count && campaign.Chunks[hold.Chunk - 1].Claim == hold.Claim
            ? (campaign, campaign.Chunks[hold.Chunk - 1])
            : null;
}
