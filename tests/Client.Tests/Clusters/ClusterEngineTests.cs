using System.Collections.Concurrent;
using System.Threading.Channels;
using Actors.Client.Clusters;
using Actors.Git.Remotes;
using Actors.Store.Heads;
using Actors.Sync.Campaigns;
using Actors.Sync.Repositories;
using Actors.TestKit.Servers;
using Actors.Web.Clients;
using Xunit;

namespace Actors.Client.Tests.Clusters;

public sealed class ClusterEngineTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Broken_connections_lose_no_line_and_tell_none_twice()
    {
        await using ClusterServer server = await ClusterServer.StartAsync();
        await using CuttingProxy proxy = new(server.Port);
        ConcurrentQueue<string> said = [];
        await using ClusterEngine engine = new(new ApiClientOptions(new Uri($"http://127.0.0.1:{proxy.Port}")), TimeProvider.System, said.Enqueue);
        Told told = new();
        CampaignRequest request = new() { List = new StringReader("https://example.org/a\n"), Key = "a list" };
        Task<CampaignState> running = engine.RunAsync(request, told, Token);
        CampaignId id = await server.Board.SubmittedAsync(1, Token);
        for (int round = 1; round <= 2; round++)
        {
            server.Board.Report(id, Line(round));
            Assert.Equal(round, await told.Lines.Reader.ReadAsync(Token));
            server.Board.Change(id, view => view with { Lines = view.Lines + 1 });
            await told.Progresses.Reader.ReadAsync(Token);
            proxy.CutAll();
        }

        server.Board.Report(id, Line(3));
        server.Board.Change(id, view => view with { Phase = CampaignPhase.Done, EndedAt = view.SubmittedAt });
        CampaignState end = await running;
        Assert.Equal(3, await told.Lines.Reader.ReadAsync(Token));
        Assert.False(told.Lines.Reader.TryRead(out _));
        Assert.Equal((id, "a list", CampaignPhase.Done), (end.Id, end.Key, engine.End));
        Assert.Contains(said, line => line.Contains("broke; trying again", StringComparison.Ordinal));
        Assert.Contains("connected again", said);
    }

    [Fact]
    public async Task Long_key_of_a_list_becomes_a_name_that_the_server_takes()
    {
        await using ClusterServer server = await ClusterServer.StartAsync();
        await using ClusterEngine engine = new(new ApiClientOptions(new Uri(server.Url)), TimeProvider.System, _ => { });
        CampaignRequest request = new() { List = new StringReader(""), Key = "one\n" + new string('x', 1000) };
        CampaignView view = await engine.SubmitAsync(request, Token);
        Assert.Equal(Sync.Limits.CampaignNameMax, view.Order.Name.Length);
        Assert.StartsWith("one xxx", view.Order.Name, StringComparison.Ordinal);
    }

    private static ReportLine Line(long number) =>
        new() { Number = number, Sync = new SyncReport { Url = RepositoryUrl.Parse("https://example.org/a"), Outcome = Outcome.New, Objects = number } };

    /// <summary>Lets the test wait for what is told.</summary>
    private sealed class Told : ICampaignObserver
    {
        public Channel<long> Lines { get; } = Channel.CreateUnbounded<long>();

        public Channel<CampaignProgress> Progresses { get; } = Channel.CreateUnbounded<CampaignProgress>();

        public void Began(CampaignState campaign, bool resumed)
        {
        }

        public void LineRejected(long lineNumber, string line, string reason)
        {
        }

        public void SyncEnded(SyncReport report) => Lines.Writer.TryWrite(report.Objects);

        public void Progressed(CampaignProgress progress) => Progresses.Writer.TryWrite(progress);
    }
}
