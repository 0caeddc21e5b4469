using System.Text.Json;
using Actors.TestKit;
using Actors.TestKit.Git;
using Actors.Web.Forges;
using Xunit;

namespace Actors.Client.Tests.Commands;

public sealed class WatchCommandTests : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private LocalForge _forge = null!;

    private string Store => _folder["store"];

    public async ValueTask InitializeAsync()
    {
        GitCommand.Require(Assert.Skip);
        new GitFixture(_folder["forge", "library.git"]).AddHistory(3);
        _forge = await LocalForge.StartAsync(_folder["forge"]);
    }

    public async ValueTask DisposeAsync()
    {
        if (_forge is not null)
        {
            await _forge.DisposeAsync();
        }

        _folder.Dispose();
    }

    [Fact]
    public async Task What_is_due_is_visited_once_and_the_next_start_goes_on_where_it_was()
    {
        string report = _folder["report.jsonl"];
        CommandRun first = await CommandRun.OfAsync($"{_forge.UrlOf("library.git")}\n{_forge.UrlOf("none.git")}\n", "watch", "-", "--store", Store, "--once", "--report", report);
        Assert.Equal((0, ""), (first.Code, first.Text));
        Assert.Equal(["gone", "new"], File.ReadLines(report).Select(line => JsonDocument.Parse(line).RootElement.GetProperty("outcome").GetString()).Order());
        CommandRun second = await CommandRun.OfAsync("", "watch", "--store", Store, "--once", "--report", report);
        Assert.Equal(0, second.Code);
        Assert.Equal(2, File.ReadLines(report).Count());
        Assert.Contains("; 2 scheduled, 0 due", Assert.Single((await CommandRun.OfAsync("", "status", "--store", Store)).Lines, line => line.StartsWith("watched", StringComparison.Ordinal)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pushes_are_received_only_with_a_secret()
    {
        CommandRun run = await CommandRun.OfAsync("", "watch", "--store", Store, "--once", "--webhooks", "127.0.0.1:0");
        Assert.NotEqual(0, run.Code);
        Assert.Contains("--webhook-secret-file", run.Error, StringComparison.Ordinal);
    }
}
