using System.Net;
using System.Net.Sockets;

namespace Actors.TestKit.Servers;

/// <summary>
/// Stands between a PostgreSQL client and its server, passes everything on, and breaks a connection where a script says so: before a
/// statement reaches the server, or after the server has answered it and before the client hears.
/// </summary>
public sealed class UnheardProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly int _serverPort;
    private readonly Func<byte[], UnheardWhen> _script;
    private readonly Task _accepting;

    /// <summary>Begins to listen.</summary>
    /// <param name="serverPort">The server, on the loopback address.</param>
    /// <param name="script">Asked for every piece that a client sends, in any thread.</param>
    public UnheardProxy(int serverPort, Func<byte[], UnheardWhen> script)
    {
        (_serverPort, _script) = (serverPort, script);
        _listener.Start();
        _accepting = AcceptAsync();
    }

    /// <summary>Where clients connect.</summary>
    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _accepting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _listener.Dispose();
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        var connections = new List<Task>();
        try
        {
            while (true)
            {
                connections.Add(ServeAsync(await _listener.AcceptTcpClientAsync(_stop.Token)));
            }
        }
        finally
        {
            await Task.WhenAll(connections).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task ServeAsync(TcpClient accepted)
    {
        using TcpClient client = accepted;
        using TcpClient server = new();
        await server.ConnectAsync(IPAddress.Loopback, _serverPort, _stop.Token);
        using CancellationTokenSource ending = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
        bool deaf = false;
        Task answers = PassAsync(server.GetStream(), client.GetStream(), _ => deaf ? UnheardWhen.Before : UnheardWhen.Never, ending.Token);
        Task questions = PassAsync(client.GetStream(), server.GetStream(), piece =>
        {
            UnheardWhen when = _script(piece);
            deaf |= when == UnheardWhen.After;
            return when == UnheardWhen.Before ? when : UnheardWhen.Never;
        }, ending.Token);
        await Task.WhenAny(answers, questions);
        await ending.CancelAsync();
        await Task.WhenAll(answers, questions).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private static async Task PassAsync(NetworkStream from, NetworkStream to, Func<byte[], UnheardWhen> look, CancellationToken cancellationToken)
    {
        byte[] buffer = new byte[1 << 16];
        while (true)
        {
            int length = await from.ReadAsync(buffer, cancellationToken);
            if (length == 0 || look(buffer[..length]) != UnheardWhen.Never)
            {
                return;
            }

            await to.WriteAsync(buffer.AsMemory(0, length), cancellationToken);
        }
    }
}
