using System.Net;
using System.Net.Sockets;

namespace Actors.TestKit.Servers;

/// <summary>
/// Passes TCP connections on to a server on the loopback address, and cuts one when its client sends certain bytes: before
/// they reach the server, after it has answered (the answer is thrown away), or at once after passing them on, while the
/// server still works on them and does not learn that its client is gone.
/// </summary>
public sealed class CuttingProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly int _serverPort;
    private readonly List<TcpClient> _open = [];
    private readonly Task _accepting;
    private Cut? _cut;

    /// <summary>Listens at once.</summary>
    public CuttingProxy(int serverPort)
    {
        _serverPort = serverPort;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    /// <summary>When a connection is cut.</summary>
    public enum Moment
    {
        /// <summary>The server never sees the bytes.</summary>
        BeforeServer,

        /// <summary>The server did what the bytes ask; the client never hears of it.</summary>
        AfterAnswer,

        /// <summary>The client is cut off while the server works; the server's side stays open.</summary>
        WhileServerWorks,
    }

    /// <summary>Where it listens, on 127.0.0.1.</summary>
    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Cuts the next connection whose client sends these bytes within one piece.</summary>
    /// <returns>Ends when that has happened.</returns>
    public Task CutWhenAsync(ReadOnlyMemory<byte> bytes, Moment moment)
    {
        Cut cut = new(bytes, moment, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        _cut = cut;
        return cut.Done.Task;
    }

    /// <summary>Cuts all connections that are open now; new ones pass.</summary>
    public void CutAll()
    {
        lock (_open)
        {
            _open.ForEach(client => client.Close());
            _open.Clear();
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _listener.Stop();
        await _accepting;
        lock (_open)
        {
            _open.ForEach(client => client.Dispose());
        }
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                TcpClient client = await _listener.AcceptTcpClientAsync();
                TcpClient server = new();
                await server.ConnectAsync(IPAddress.Loopback, _serverPort);
                lock (_open)
                {
                    _open.AddRange([client, server]);
                }

                client.NoDelay = server.NoDelay = true;
                Connection connection = new(client, server);
                _ = PassAsync(connection);
                _ = ReturnAsync(connection);
            }
        }
        catch (Exception e) when (e is SocketException or InvalidOperationException)
        {
            // Disposed, or the server is gone: nobody connects any more.
        }
    }

    private async Task PassAsync(Connection connection)
    {
        byte[] buffer = new byte[1 << 20];
        try
        {
            int read;
            while ((read = await connection.Client.GetStream().ReadAsync(buffer)) > 0)
            {
                Cut? cut = _cut is { } armed && buffer.AsSpan(0, read).IndexOf(armed.Bytes.Span) >= 0 ? Interlocked.Exchange(ref _cut, null) : null;
                if (cut?.Moment == Moment.BeforeServer)
                {
                    connection.Close();
                    cut.Done.SetResult();
                    return;
                }

                connection.Swallowing = cut?.Moment == Moment.AfterAnswer ? cut : null;
                await connection.Server.GetStream().WriteAsync(buffer.AsMemory(0, read));
                if (cut?.Moment == Moment.WhileServerWorks)
                {
                    connection.Client.Close();
                    cut.Done.SetResult();
                    return;
                }
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or InvalidOperationException)
        {
            // One side closed; so does the other.
        }

        connection.Close();
    }

    private static async Task ReturnAsync(Connection connection)
    {
        byte[] buffer = new byte[1 << 16];
        try
        {
            int read;
            while ((read = await connection.Server.GetStream().ReadAsync(buffer)) > 0)
            {
                if (connection.Swallowing is { } cut)
                {
                    connection.Close();
                    cut.Done.SetResult();
                    return;
                }

                await connection.Client.GetStream().WriteAsync(buffer.AsMemory(0, read));
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or InvalidOperationException)
        {
            // One side closed; so does the other, unless the server is still at work for a client that was cut off.
        }

        connection.Client.Close();
    }

    private sealed record Cut(ReadOnlyMemory<byte> Bytes, Moment Moment, TaskCompletionSource Done);

    private sealed record Connection(TcpClient Client, TcpClient Server)
    {
        /// <summary>What the server answers next is thrown away, and the connection with it.</summary>
        public volatile Cut? Swallowing;

        public void Close()
        {
            Client.Close();
            Server.Close();
        }
    }
}
