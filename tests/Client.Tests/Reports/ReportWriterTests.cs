using System.Text.Json;
using Actors.Client.Reports;
using Actors.Git.Remotes;
using Actors.Store.Heads;
using Actors.Sync.Outcomes;
using Actors.Sync.Repositories;
using Xunit;

namespace Actors.Client.Tests.Reports;

public sealed class ReportWriterTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("actors-report-");

    private string ReportPath => Path.Combine(_folder.FullName, "report.jsonl");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void A_line_has_every_field_of_the_report()
    {
        using (ReportWriter writer = ReportWriter.ToFile(ReportPath, append: false))
        {
            writer.Write(new SyncReport
            {
                Url = RepositoryUrl.Parse("https://forge.example/a/b"),
                Outcome = Outcome.TimedOut,
                Snapshot = SnapshotId.Empty,
                Refs = 3,
                Wants = 2,
                Haves = 1,
                Objects = 140,
                BytesReceived = 38_200,
                Requests = 2,
                ElapsedMs = 39,
                Rungs = [Rung.CommitProbe, Rung.MissingBlobs],
                MovedTo = RepositoryUrl.Parse("https://forge.example/c"),
                RetryAt = new DateTimeOffset(2026, 5, 1, 12, 0, 0, TimeSpan.Zero),
                Fault = Fault.Network,
                Error = "a \"quoted\" word",
            });
        }

        Assert.Equal(
            """{"url":"https://forge.example/a/b","outcome":"timed-out","snapshot":"1a8893e6a86f444e8be8e7bda6cb34fb1735a00e","refs":3,"wants":2,"haves":1,"objects":140,"bytesReceived":38200,"requests":2,"elapsedMs":39,"rungs":["commit-probe","missing-blobs"],"movedTo":"https://forge.example/c","retryAt":"2026-05-01T12:00:00Z","fault":"network","error":"a \"quoted\" word"}""" + "\n",
            File.ReadAllText(ReportPath));
    }

    [Fact]
    public void An_unknown_value_is_null_and_every_line_is_json()
    {
        using (ReportWriter writer = ReportWriter.ToFile(ReportPath, append: false))
        {
            for (int i = 0; i < 2000; i++)
            {
                writer.Write(Report($"https://forge.example/{i}"));
            }
        }

        string[] lines = File.ReadAllLines(ReportPath);
        Assert.Equal(2000, lines.Length);
        for (int i = 0; i < lines.Length; i++)
        {
            using JsonDocument json = JsonDocument.Parse(lines[i]);
            Assert.Equal($"https://forge.example/{i}", json.RootElement.GetProperty("url").GetString());
            Assert.Equal(JsonValueKind.Null, json.RootElement.GetProperty("movedTo").ValueKind);
        }
    }

    [Fact]
    public void A_torn_last_line_is_cut_off_when_a_campaign_is_resumed()
    {
        File.WriteAllText(ReportPath, "{\"url\":\"a\"}\n{\"url\":\"b");
        using (ReportWriter writer = ReportWriter.ToFile(ReportPath, append: true))
        {
            writer.Write(Report("https://forge.example/c"));
        }

        string[] lines = File.ReadAllLines(ReportPath);
        Assert.Equal(2, lines.Length);
        Assert.Equal("{\"url\":\"a\"}", lines[0]);
        Assert.Contains("forge.example/c", lines[1], StringComparison.Ordinal);
    }

    [Fact]
    public void A_report_that_is_one_torn_line_longer_than_the_window_is_begun_anew()
    {
        File.WriteAllText(ReportPath, new string('x', 10_000));
        ReportWriter.ToFile(ReportPath, append: true).Dispose();

        Assert.Equal(0, new FileInfo(ReportPath).Length);
    }

    [Fact]
    public void A_report_that_cannot_be_written_is_a_clear_error()
    {
        UserErrorException e = Assert.Throws<UserErrorException>(() => ReportWriter.ToFile(Path.Combine(_folder.FullName, "no", "such", "folder"), append: false));
        Assert.Contains("--report", e.Message, StringComparison.Ordinal);
    }

    private static SyncReport Report(string url) => new() { Url = RepositoryUrl.Parse(url), Outcome = Outcome.Unchanged };
}
