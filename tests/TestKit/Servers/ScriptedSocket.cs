using System.Net;
using System.Net.Sockets;

namespace Actors.TestKit.Servers;

/// <summary>
/// A TCP server on the loopback address that does with each connection what a script says, byte by byte: for protocols
/// other than HTTP, and for servers that stall, trickle, reset or answer before they are asked.
/// </summary>
public sealed class ScriptedSocket : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stopping = new();
    private readonly Func<ScriptedConnection, Task> _script;
    private readonly List<Task> _running = [];
    private readonly Task _accepting;

    /// <summary>Begins to listen. Connections are played at the same time, each by its own call of the script.</summary>
    public ScriptedSocket(Func<ScriptedConnection, Task> script)
    {
        _script = script;
        _listener.Start();
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        _accepting = Task.Run(AcceptAsync);
    }

    /// <summary>Where it listens, on 127.0.0.1.</summary>
    public int Port { get; }

    /// <summary>Connections accepted so far.</summary>
    public int Connections { get; private set; }

    /// <summary>Stops, and throws what a script threw: a test learns that the client did something else than expected.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        // A listener that is stopped between two accepts throws another exception than one that accepts.
        await _accepting;
        _listener.Stop();
        await Task.WhenAll(_running);
        _stopping.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (true)
        {
            try
            {
                Socket socket = await _listener.AcceptSocketAsync(_stopping.Token);
                socket.NoDelay = true;
                _running.Add(PlayAsync(new ScriptedConnection(socket, ++Connections, _stopping.Token)));
            }
            catch (Exception end) when (end is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                return;
            }
        }
    }

    private async Task PlayAsync(ScriptedConnection connection)
    {
        using (connection)
        {
            try
            {
                await _script(connection);
            }
            catch (Exception end) when (end is IOException or SocketException or OperationCanceledException)
            {
                // The client has left, or the test is over.
            }
        }
    }
}
