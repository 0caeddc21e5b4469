using System.Text;
using Actors.Git.Remotes;
using Actors.Store.Campaigns;
using Actors.Sync.Campaigns;
using Xunit;

namespace Actors.Sync.Tests.Campaigns;

public sealed class SubmittedListTests
{
    [Fact]
    public async Task A_list_s_lines_are_repositories_rejections_for_the_report_or_nothing()
    {
        byte[] list = Encoding.UTF8.GetBytes("\ufeffhttps://a.example/one\r\n# comment\n\nftp://\"b\"/x\nhttps://ä.example/ü;1;2\n../here/only");
        List<SubmittedLine> lines = await SubmittedList.ReadAsync(new MemoryStream(list), default).ToListAsync();
        Assert.Equal([1, 2, 3, 4, 5, 6], lines.Select(l => l.Number));
        Assert.Equal([RepositoryUrl.Parse("https://a.example/one"), default, default, default, RepositoryUrl.Parse("https://ä.example/ü"), default], lines.Select(l => l.Url));
        Assert.Equal([0, 0, 0, 1, 0, 1], lines.Select(l => Math.Min(1, l.Rejection.Length)));
        ReportLine line = StoredReportJson.Parse(new StoredReportLine(7, lines[3].Rejection));
        Assert.Equal((7, 4, "ftp://\"b\"/x"), (line.Number, line.Rejected!.LineNumber, line.Rejected.Text));
        Assert.NotEmpty(line.Rejected.Reason);
    }

    [Fact]
    public void A_damaged_line_of_a_report_is_refused_as_such()
    {
        Assert.Throws<FormatException>(() => StoredReportJson.Parse(new StoredReportLine(1, "{\"line\":\"x\"}"u8.ToArray())));
        Assert.Throws<FormatException>(() => StoredReportJson.Parse(new StoredReportLine(1, "{\"line\":1"u8.ToArray())));
        Assert.Throws<FormatException>(() => StoredReportJson.Parse(new StoredReportLine(1, "nonsense"u8.ToArray())));
    }
}
