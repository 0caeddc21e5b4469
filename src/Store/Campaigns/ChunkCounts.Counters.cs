namespace Actors.Store.Campaigns;

public sealed partial record ChunkCounts
{
    private const int OutcomesMax = (int)CampaignCounter.Skipped;

    /// <summary>What is not zero, by counter: below 64 an outcome's number.</summary>
    internal IEnumerable<(short Counter, long Value)> List()
    {
        for (int outcome = 0; outcome < Math.Min(Outcomes.Count, OutcomesMax); outcome++)
        {
            if (Outcomes[outcome] != 0)
            {
                yield return ((short)outcome, Outcomes[outcome]);
            }
        }

        foreach ((CampaignCounter counter, long value) in new[]
        {
            (CampaignCounter.Skipped, Skipped), (CampaignCounter.Objects, Objects), (CampaignCounter.BytesReceived, BytesReceived),
            (CampaignCounter.BytesSaved, BytesSaved), (CampaignCounter.Requests, Requests),
        })
        {
            if (value != 0)
            {
                yield return ((short)counter, value);
            }
        }
    }

    /// <summary>The sums of what <see cref="List"/> told.</summary>
    internal static ChunkCounts Of(IEnumerable<(short Counter, long Value)> counters)
    {
        var sums = new Dictionary<short, long>();
        foreach ((short counter, long value) in counters)
        {
            sums[counter] = sums.GetValueOrDefault(counter) + value;
        }

        int outcomes = sums.Keys.Where(c => c < OutcomesMax).Select(c => c + 1).DefaultIfEmpty(0).Max();
        return new ChunkCounts
        {
            Outcomes = [.. Enumerable.Range(0, outcomes).Select(o => sums.GetValueOrDefault((short)o))],
            Skipped = Sum(CampaignCounter.Skipped),
            Objects = Sum(CampaignCounter.Objects),
            BytesReceived = Sum(CampaignCounter.BytesReceived),
            BytesSaved = Sum(CampaignCounter.BytesSaved),
            Requests = Sum(CampaignCounter.Requests),
        };

        long Sum(CampaignCounter counter) => sums.GetValueOrDefault((short)counter);
    }
}
