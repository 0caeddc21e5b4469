using Actors.Client.Reports;
using Actors.Git.Remotes;
using Actors.Store.Heads;
using Actors.Sync.Repositories;
using Actors.TestKit;
using Xunit;

namespace Actors.Client.Tests.Reports;

public sealed class ReportRecoveryTests : IDisposable
{
    private static readonly DateTimeOffset Now = new(2026, 5, 1, 12, 0, 0, TimeSpan.Zero);
    private readonly TemporaryFolder _folder = new();
    private readonly MemoryHeadStore _heads = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_visit_that_was_recorded_but_not_told_gets_its_line()
    {
        CampaignState campaign = await BeginAsync("list");
        await VisitAsync("https://forge.example/told", campaign.Id);
        await VisitAsync("https://forge.example/untold", campaign.Id);
        await VisitAsync("https://forge.example/of-another-campaign", new CampaignId(99));
        string path = _folder["report.jsonl"];
        using (ReportWriter report = ReportWriter.ToFile(path, append: false))
        {
            report.Write(new SyncReport { Url = RepositoryUrl.Parse("https://forge.example/told"), Outcome = Outcome.Unchanged });
            report.Flush();

            Assert.Equal(1, await ReportRecovery.CompleteAsync(report, path, _heads, "list", CancellationToken.None));
        }

        Assert.Equal(
            ["https://forge.example/told", "https://forge.example/untold"],
            (await File.ReadAllLinesAsync(path)).Select(l => l.Split('"')[3]));
    }

    [Fact]
    public async Task A_campaign_that_ended_lacks_nothing()
    {
        CampaignState campaign = await BeginAsync("list");
        await VisitAsync("https://forge.example/untold", campaign.Id);
        await _heads.SaveCampaignAsync(campaign with { EndedAt = Now }, CancellationToken.None);
        string path = _folder["report.jsonl"];
        using ReportWriter report = ReportWriter.ToFile(path, append: false);

        Assert.Equal(0, await ReportRecovery.CompleteAsync(report, path, _heads, "list", CancellationToken.None));
        Assert.Equal(0, new FileInfo(path).Length);
    }

    private async Task<CampaignState> BeginAsync(string key) =>
        await _heads.BeginCampaignAsync(new CampaignState { Key = key, StartedAt = Now }, CancellationToken.None);

    private async Task VisitAsync(string url, CampaignId campaign) => await _heads.RecordAsync(
        [new Visit { Url = RepositoryUrl.Parse(url), StartedAt = Now, Outcome = Outcome.Unchanged, Campaign = campaign }], CancellationToken.None);
}
