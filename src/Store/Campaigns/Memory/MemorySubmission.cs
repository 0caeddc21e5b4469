using Actors.Store.Campaigns.Submissions;

namespace Actors.Store.Campaigns.Memory;

/// <summary>Writes a list's parts into a campaign in memory.</summary>
internal sealed class MemorySubmission(MemoryCampaign campaign, Lock gate, TimeProvider clock) : ISubmissionTarget
{
    public Task WriteAsync(SubmissionPart part, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (gate)
        {
            DateTimeOffset now = clock.GetUtcNow();
            campaign.Tally = part.Tally;
            int number = part.FirstChunk;
            foreach (ChunkDraft chunk in part.Chunks)
            {
                campaign.Chunks.Add(new MemoryChunk
                {
                    Number = number++,
                    Host = chunk.Host,
                    Lines = ChunkLines.Unpack(chunk.Lines, chunk.Count),
                    Done = new byte[(chunk.Count + 7) / 8],
                    FreeAt = now,
                });
            }

            campaign.Report.AddRange(part.Report.Select(r => r.ToArray()));
            if (part.Last)
            {
                campaign.Stage = CampaignStage.Running;
                _ = campaign.TryEnd(now);
            }
        }

        return Task.CompletedTask;
    }
}
