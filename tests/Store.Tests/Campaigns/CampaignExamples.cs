using System.Text;
using Actors.Git.Remotes;
using Actors.Store.Campaigns;
using Actors.Store.Heads;

namespace Actors.Store.Tests.Campaigns;

internal static class CampaignExamples
{
    public static ForgeHost Many => default;

    public static readonly TimeSpan Lease = TimeSpan.FromMinutes(1);

    public static RepositoryUrl Url(string host, int number) => RepositoryUrl.Parse($"https://{host}/owner/repository-{number}");

    /// <summary>A list of repositories of hosts, in turn while each has some.</summary>
    public static IEnumerable<SubmittedLine> List(params (string Host, int Repositories)[] hosts)
    {
        long number = 0;
        for (int turn = 0; turn < hosts.Max(h => h.Repositories); turn++)
        {
            foreach ((string host, _) in hosts.Where(h => turn < h.Repositories))
            {
                yield return new SubmittedLine(++number, Url(host, turn));
            }
        }
    }

    public static async IAsyncEnumerable<SubmittedLine> StreamAsync(IEnumerable<SubmittedLine> lines)
    {
        foreach (SubmittedLine line in lines)
        {
            await Task.CompletedTask;
            yield return line;
        }
    }

    public static Task<StoredCampaign> SubmitAsync(this ICampaignStore store, IEnumerable<SubmittedLine> lines, int priority = 0, SubmissionOptions? options = null) =>
        store.SubmitAsync(new NewCampaign("order", priority), StreamAsync(lines), options, CancellationToken.None);

    public static Task<IReadOnlyList<ClaimedChunk>> ClaimAsync(
        this ICampaignStore store, int max = 1000, int perHostMax = 1000, IReadOnlyCollection<ForgeHost>? wanted = null, IReadOnlyCollection<ForgeHost>? avoided = null) =>
        store.ClaimAsync(new ClaimRequest { Holder = "silo", Max = max, PerHostMax = perHostMax, Lease = Lease, Wanted = wanted, Avoided = avoided ?? [] }, CancellationToken.None);

    /// <summary>A checkpoint in which so many lines, from the first, are done; each of them counted and reported.</summary>
    public static ChunkCheckpoint Checkpoint(this ClaimedChunk chunk, int number, int done, int before = 0, ChunkNext next = ChunkNext.GoOn, TimeSpan? time = null)
    {
        byte[] bits = new byte[(chunk.Lines.Count + 7) / 8];
        for (int place = 0; place < done; place++)
        {
            bits[place / 8] |= (byte)(1 << (place % 8));
        }

        long[] outcomes = new long[(int)Outcome.Unchanged + 1];
        outcomes[(int)Outcome.Unchanged] = done - before;
        return new ChunkCheckpoint
        {
            Hold = chunk.Hold,
            Number = number,
            Done = bits,
            Counts = new ChunkCounts { Outcomes = outcomes, Requests = done - before, BytesReceived = 100 * (done - before) },
            Report = [.. chunk.Lines.Skip(before).Take(done - before).Select(l => (ReadOnlyMemory<byte>)Encoding.UTF8.GetBytes(l.Url.ToString()))],
            Next = next,
            Time = time ?? (next == ChunkNext.GoOn ? Lease : TimeSpan.Zero),
        };
    }

    public static ChunkCheckpoint Close(this ClaimedChunk chunk, int number = 1, int before = 0) => chunk.Checkpoint(number, chunk.Lines.Count, before, ChunkNext.Close);

    public static async Task<List<(long Number, string Text)>> ReadReportAsync(this ICampaignStore store, CampaignId id, long after = 0)
    {
        List<(long Number, string Text)> lines = [];
        await foreach (StoredReportLine line in store.ReadReportAsync(id, after, CancellationToken.None))
        {
            lines.Add((line.Number, Encoding.UTF8.GetString(line.Line.Span)));
        }

        return lines;
    }
}
