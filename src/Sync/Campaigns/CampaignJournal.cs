using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Text.Json;
using Actors.Git.Remotes;
using Actors.Store.Heads;
using Actors.Store.Index;
using Actors.Sync.Repositories;

namespace Actors.Sync.Campaigns;

/// <summary>
/// What a submitted campaign keeps of its runs in its folder, so that it goes on exactly: its report, and which lines are done.
/// One run at a time.
/// </summary>
internal sealed class CampaignJournal : IDisposable
{
    private readonly string _folder;
    private readonly ReportFile _report;
    private readonly Func<string, Task>? _atStep;

    private CampaignJournal(string folder, ReportFile report, CampaignPosition position, Func<string, Task>? atStep)
    {
        (_folder, _report, Position, _atStep) = (folder, report, position, atStep);
        Told = new HashSet<string>(from line in ReportFile.Read(ReportOf(folder), position.Reported, report.Last) let sync = line.Sync where sync is not null select sync.Url.ToString(), StringComparer.Ordinal);
    }

    /// <summary>Told that lines of the report are shown.</summary>
    public Action? Grown { get; set; }

    /// <summary>Where the run begins.</summary>
    public CampaignPosition Position { get; }

    /// <summary>
    /// Repositories whose lines came into the report after the position was saved, before a crash: some seconds' worth. Their lines of the
    /// list are read again, and they are done, whoever has visited them since.
    /// </summary>
    public IReadOnlySet<string> Told { get; }

    /// <summary>The sums over the report so far.</summary>
    public CampaignTotals Totals => _report.Totals;

    /// <summary>Number of the last line of the report that is shown.</summary>
    public long ReportLast => _report.Last;

    /// <summary>Opens to go on, after whatever end: the last batch of the report is kept if its visits are recorded, else dropped.</summary>
    /// <param name="folder">The campaign's.</param>
    /// <param name="campaign">As the head store has it.</param>
    /// <param name="heads">The head store.</param>
    /// <param name="atStep">A test's: called between steps.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static async Task<CampaignJournal> OpenAsync(
        string folder, CampaignState campaign, IHeadStore heads, Func<string, Task>? atStep, CancellationToken cancellationToken)
    {
        ReportFile report = ReportFile.Open(ReportOf(folder));
        try
        {
            if (report.LastBatch.Count > 0 && !await IsRecordedAsync(report.LastBatch[0], campaign, heads, cancellationToken).ConfigureAwait(false))
            {
                report.DropLastBatch(report.LastBatchFirst);
            }

            return new CampaignJournal(folder, report, ReadPosition(folder, campaign), atStep);
        }
        catch
        {
            report.Dispose();
            throw;
        }
    }

    /// <summary>Where a campaign's report is.</summary>
    public static string ReportOf(string folder) => Path.Combine(folder, "report");

    /// <summary>Writes what is about to be recorded.</summary>
    public async Task PrepareAsync(IReadOnlyList<SyncReport> reports, IReadOnlyList<RejectedLine> rejected)
    {
        await StepAsync("batch to be written").ConfigureAwait(false);
        _report.Prepare(reports, rejected);
        await StepAsync("batch written").ConfigureAwait(false);
    }

    /// <summary>It is recorded.</summary>
    public async Task CommitAsync()
    {
        await StepAsync("batch recorded").ConfigureAwait(false);
        _report.Commit();
        Grown?.Invoke();
    }

    /// <summary>Keeps a position: a crash loses no more than what came since.</summary>
    public async Task SaveAsync(CampaignPosition position)
    {
        await StepAsync("position to be saved").ConfigureAwait(false);
        using MemoryStream text = new();
        using (Utf8JsonWriter json = new(text))
        {
            json.WriteStartObject();
            json.WriteNumber("base"u8, position.Tally.Base);
            json.WriteNumber("duplicates"u8, position.Duplicates);
            json.WriteNumber("skipped"u8, position.Skipped);
            json.WriteNumber("reported"u8, position.Reported);
            json.WriteBase64String("done"u8, Compress(MemoryMarshal.AsBytes<ulong>(position.Tally.CopyBits())));
            json.WriteEndObject();
        }

        DurableFiles.Replace(PositionOf(_folder), text.GetBuffer().AsSpan(0, (int)text.Length), fsync: false);
        await StepAsync("position saved").ConfigureAwait(false);
    }

    public void Dispose() => _report.Dispose();

    /// <summary>Whether the campaign's visit is there; with it are all of its batch, for they are one transaction. Another campaign's may have come since.</summary>
    private static async Task<bool> IsRecordedAsync(RepositoryUrl url, CampaignState campaign, IHeadStore heads, CancellationToken cancellationToken)
    {
        await foreach (Visit visit in heads.ListVisitsAsync(url, cancellationToken).ConfigureAwait(false))
        {
            if (visit.Campaign == campaign.Id)
            {
                return true;
            }
        }

        return false;
    }

    private static string PositionOf(string folder) => Path.Combine(folder, "position.json");

    /// <summary>The saved position, or the head store's where there is none or a power loss spoilt it.</summary>
    private static CampaignPosition ReadPosition(string folder, CampaignState campaign)
    {
        try
        {
            using JsonDocument json = JsonDocument.Parse(File.ReadAllBytes(PositionOf(folder)));
            ulong[] done = MemoryMarshal.Cast<byte, ulong>(Decompress(json.RootElement.GetProperty("done"u8).GetBytesFromBase64())).ToArray();
            return new CampaignPosition(
                new LineTally(json.RootElement.GetProperty("base"u8).GetInt64(), done),
                json.RootElement.GetProperty("duplicates"u8).GetInt64(),
                json.RootElement.GetProperty("skipped"u8).GetInt64(),
                json.RootElement.GetProperty("reported"u8).GetInt64());
        }
        catch (Exception e) when (e is FileNotFoundException or JsonException or InvalidOperationException or KeyNotFoundException or FormatException or InvalidDataException)
        {
            return new CampaignPosition(new LineTally(campaign.LinesDone), 0, 0, 0);
        }
    }

    private static byte[] Compress(ReadOnlySpan<byte> bytes)
    {
        using MemoryStream compressed = new();
        using (GZipStream gzip = new(compressed, CompressionLevel.Fastest))
        {
            gzip.Write(bytes);
        }

        return compressed.ToArray();
    }

    private static byte[] Decompress(byte[] compressed)
    {
        using MemoryStream bytes = new();
        using GZipStream gzip = new(new MemoryStream(compressed), CompressionMode.Decompress);
        gzip.CopyTo(bytes);
        return bytes.ToArray();
    }

    private Task StepAsync(string step) => _atStep?.Invoke(step) ?? Task.CompletedTask;
}
