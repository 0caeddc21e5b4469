using Actors.Store.Campaigns;
using Xunit;
using static Actors.Store.Tests.Campaigns.CampaignExamples;

namespace Actors.Store.Tests.Campaigns;

/// <summary>What of a campaign's chunks must be so, whatever several processes did, that lose their claims without knowing it.</summary>
internal sealed class CampaignModel(StoredCampaign campaign, Random random)
{
    private readonly Dictionary<int, Chunk> _chunks = [];
    private readonly List<Work> _work = [];

    /// <summary>One random step of one of the processes.</summary>
    public async Task StepAsync(ICampaignStore store, Func<Task> expireAsync)
    {
        switch (random.Next(10))
        {
            case < 3:
                await ClaimAsync(store, random.Next(1, 6));
                break;
            case < 8 when _work.Count > 0:
                await CheckpointAsync(store, _work[random.Next(_work.Count)]);
                break;
            case 8:
                await RenewAsync(store);
                break;
            default:
                await expireAsync();
                foreach (Chunk chunk in _chunks.Values)
                {
                    chunk.IsFree = true;
                }

                break;
        }
    }

    /// <summary>Faults stop: all is done, and every repository was counted and reported once.</summary>
    public async Task EndAsync(ICampaignStore store, Func<Task> expireAsync)
    {
        await expireAsync();
        foreach (Chunk chunk in _chunks.Values)
        {
            chunk.IsFree = true;
        }

        _work.Clear();
        await ClaimAsync(store, 1000);
        foreach (Work work in _work)
        {
            Assert.Equal(HoldState.Held, await store.CheckpointAsync(work.Claimed.Close(1, work.Done), default));
        }

        StoredCampaign end = (await store.FindAsync(campaign.Id, default))!;
        Assert.Equal((CampaignStage.Done, campaign.Repositories), (end.Stage, end.Counts.Outcomes.Sum()));
        List<(long Number, string Text)> report = await store.ReadReportAsync(campaign.Id);
        Assert.Equal(campaign.Repositories, report.Select(r => r.Text).Distinct().Count());
        Assert.Equal(Enumerable.Range(1, (int)campaign.Repositories).Select(n => (long)n), report.Select(r => r.Number));
    }

    private async Task ClaimAsync(ICampaignStore store, int max)
    {
        foreach (ClaimedChunk claimed in await store.ClaimAsync(max))
        {
            if (!_chunks.TryGetValue(claimed.Hold.Chunk, out Chunk? chunk))
            {
                _chunks.Add(claimed.Hold.Chunk, chunk = new Chunk());
            }

            Assert.True(chunk is { IsFree: true, IsClosed: false }, $"chunk {claimed.Hold.Chunk} is claimed by two");
            Assert.Equal(chunk.Claim + 1, claimed.Hold.Claim);
            Assert.Equal(claimed.Checkpoint(1, chunk.Done).Done.ToArray(), claimed.Done.ToArray());
            (chunk.Claim, chunk.IsHeld, chunk.IsFree) = (claimed.Hold.Claim, true, false);
            _work.Add(new Work(claimed) { Done = chunk.Done });
        }
    }

    private async Task CheckpointAsync(ICampaignStore store, Work work)
    {
        int count = work.Claimed.Lines.Count;
        int done = random.Next(3) == 0 ? count : random.Next(work.Done, count + 1);
        ChunkNext next = done == count && random.Next(2) == 0 ? ChunkNext.Close : random.Next(5) == 0 ? ChunkNext.Release : ChunkNext.GoOn;
        bool again = random.Next(4) == 0;
        ChunkCheckpoint checkpoint = work.Claimed.Checkpoint(++work.Number, done, work.Done, next);
        HoldState state = await store.CheckpointAsync(checkpoint, default);
        Chunk chunk = _chunks[work.Claimed.Hold.Chunk];
        Assert.Equal(chunk.IsHeld && chunk.Claim == work.Claimed.Hold.Claim ? HoldState.Held : HoldState.Lost, state);
        if (again)
        {
            // As after a lost answer.
            Assert.Equal(state, await store.CheckpointAsync(checkpoint, default));
        }

        if (state == HoldState.Lost)
        {
            _ = _work.Remove(work);
            return;
        }

        work.Done = done;
        (chunk.Done, chunk.IsHeld, chunk.IsFree, chunk.IsClosed) = (done, next == ChunkNext.GoOn, next == ChunkNext.Release, next == ChunkNext.Close);
    }

    private async Task RenewAsync(ICampaignStore store)
    {
        IReadOnlyList<HoldState> states = await store.RenewAsync([.. _work.Select(w => w.Claimed.Hold)], Lease, default);
        for (int place = 0; place < states.Count; place++)
        {
            Chunk chunk = _chunks[_work[place].Claimed.Hold.Chunk];
            bool held = chunk.IsHeld && chunk.Claim == _work[place].Claimed.Hold.Claim;
            Assert.Equal(held ? HoldState.Held : HoldState.Lost, states[place]);
            chunk.IsFree &= !held;
        }
    }

    private sealed class Chunk
    {
        public int Claim { get; set; }

        public int Done { get; set; }

        public bool IsHeld { get; set; }

        public bool IsFree { get; set; } = true;

        public bool IsClosed { get; set; }
    }

    private sealed class Work(ClaimedChunk claimed)
    {
        public ClaimedChunk Claimed => claimed;

        public int Number { get; set; }

        public int Done { get; set; }
    }
}
