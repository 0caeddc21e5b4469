using System.Net;
using Actors.Store.Heads;
using Actors.Store.Objects;
using Actors.Web.Access;
using Actors.Web.Api;
using Actors.Web.Tests.Api;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Actors.Client.Tests.Clusters;

/// <summary>What the console takes for a cluster: a real server over a board that the test moves.</summary>
internal sealed class ClusterServer : IAsyncDisposable
{
    private readonly WebServer _server;

    private ClusterServer(WebServer server, MemoryBoard board) => (_server, Board) = (server, board);

    public MemoryBoard Board { get; }

    public int Port => _server.Addresses[0].Port;

    public string Url => _server.Addresses[0].AbsoluteUri;

    public static async Task<ClusterServer> StartAsync(AccessTokens? tokens = null, IObjectStore? objects = null, IHeadStore? heads = null)
    {
        MemoryBoard board = new(TimeProvider.System);
        WebServerOptions options = new()
        {
            Bindings = [new WebBinding(new IPEndPoint(IPAddress.Loopback, 0))],
            Tokens = tokens ?? AccessTokens.None,
            Version = "1.2.3",
        };
        WebEngine engine = new(board, objects ?? new MemoryObjectStore(), heads ?? new MemoryHeadStore());
        return new ClusterServer(
            await WebServer.StartAsync(options, engine, TimeProvider.System, NullLoggerFactory.Instance, TestContext.Current.CancellationToken), board);
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();
}
