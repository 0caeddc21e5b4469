namespace Actors.TestKit.Servers;

/// <summary>
/// One PostgreSQL server for all tests of an assembly, started by the first one that asks. With xunit:
/// <c>[assembly: AssemblyFixture(typeof(SharedPostgres))]</c>, and the test class takes it by constructor.
/// </summary>
public sealed class SharedPostgres : IAsyncDisposable
{
    private readonly Lazy<Task<PostgresServer>> _server = new(() => PostgresServer.StartAsync());

    /// <summary>The server; skips the calling test where there is no PostgreSQL.</summary>
    /// <param name="skip">What skips: <c>Assert.Skip</c>.</param>
    public Task<PostgresServer> StartAsync(Action<string> skip)
    {
        PostgresServer.Require(skip);
        return _server.Value;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_server.IsValueCreated)
        {
            await (await _server.Value).DisposeAsync();
        }
    }
}
