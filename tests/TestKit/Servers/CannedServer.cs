using System.Buffers;
using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Actors.TestKit.Servers;

/// <summary>
/// An HTTP/1.1 server on the loopback address that answers each request with bytes that a test chose: nothing is added,
/// checked or put right, so the bytes may be as wrong as they like. Connections are kept alive; pipelined requests are
/// answered in order. Fast enough (tens of thousands of answers a second a core) to measure a client against.
/// </summary>
public sealed class CannedServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentDictionary<Socket, byte> _connections = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly CannedReply _reply;
    private readonly X509Certificate2? _certificate;
    private readonly Task _accepting;
    private long _requests;
    private long _accepted;

    /// <summary>Begins to serve.</summary>
    /// <param name="reply">Chooses the answers.</param>
    /// <param name="certificate">Speak TLS with it; null: no TLS.</param>
    public CannedServer(CannedReply reply, X509Certificate2? certificate = null)
    {
        _reply = reply;
        _certificate = certificate;
        _listener.Start(512);
        Address = new Uri($"{(certificate is null ? "http" : "https")}://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/");
        _accepting = Task.Run(AcceptAsync);
    }

    /// <summary>A server with one answer for everything.</summary>
    public CannedServer(byte[] answer, X509Certificate2? certificate = null)
        : this(_ => answer, certificate)
    {
    }

    /// <summary>Where it listens.</summary>
    public Uri Address { get; }

    /// <summary>Requests answered or refused so far.</summary>
    public long Requests => Volatile.Read(ref _requests);

    /// <summary>Connections accepted so far.</summary>
    public long Connections => Volatile.Read(ref _accepted);

    /// <summary>Close each connection after one answer.</summary>
    public bool CloseAfterAnswer { get; init; }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        // A listener that is stopped between two accepts throws another exception than one that accepts.
        await _accepting;
        _listener.Stop();
        foreach (Socket connection in _connections.Keys)
        {
            connection.Dispose();
        }

        _stopping.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                Socket connection = await _listener.AcceptSocketAsync(_stopping.Token);
                connection.NoDelay = true;
                Interlocked.Increment(ref _accepted);
                _connections.TryAdd(connection, 0);
                _ = ServeAsync(connection);
            }
            catch (Exception end) when (end is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                return;
            }
        }
    }

    private async Task ServeAsync(Socket connection)
    {
        try
        {
            Stream stream = new NetworkStream(connection, ownsSocket: true);
            if (_certificate is not null)
            {
                SslStream tls = new(stream);
                await tls.AuthenticateAsServerAsync(_certificate);
                stream = tls;
            }

            await using (stream)
            {
                await AnswerAllAsync(stream);
            }
        }
        catch (Exception end) when (end is IOException or SocketException or ObjectDisposedException or OperationCanceledException or System.Security.Authentication.AuthenticationException)
        {
            // The client has left, or the server is being stopped.
        }
        finally
        {
            _connections.TryRemove(connection, out _);
            connection.Dispose();
        }
    }

    private async Task AnswerAllAsync(Stream stream)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(64 << 10);
        int length = 0;
        while (true)
        {
            int read = await stream.ReadAsync(buffer.AsMemory(length));
            if (read == 0)
            {
                break;
            }

            length += read;
            while (Take(buffer.AsSpan(0, length), out int taken, out ReadOnlyMemory<byte> answer))
            {
                buffer.AsSpan(taken, length - taken).CopyTo(buffer);
                length -= taken;
                await stream.WriteAsync(answer);
                if (answer.IsEmpty || CloseAfterAnswer)
                {
                    return;
                }
            }

            if (length == buffer.Length)
            {
                Array.Resize(ref buffer, 2 * length);
            }
        }

        ArrayPool<byte>.Shared.Return(buffer);
    }

    /// <summary>Answers the request at the start of the bytes, when it is whole.</summary>
    private bool Take(ReadOnlySpan<byte> bytes, out int taken, out ReadOnlyMemory<byte> answer)
    {
        taken = 0;
        answer = default;
        int headEnd = bytes.IndexOf("\r\n\r\n"u8) + 4;
        if (headEnd < 4)
        {
            return false;
        }

        ReadOnlySpan<byte> head = bytes[..headEnd];
        ReadOnlySpan<byte> body = bytes[headEnd..];
        if (Header(head, "transfer-encoding") == "chunked")
        {
            if (HttpChunks.Join(body) is not { } joined)
            {
                return false;
            }

            taken = headEnd + joined.Taken;
            body = joined.Body;
        }
        else
        {
            int bodyLength = Header(head, "content-length") is { } text ? int.Parse(text, CultureInfo.InvariantCulture) : 0;
            if (body.Length < bodyLength)
            {
                return false;
            }

            taken = headEnd + bodyLength;
            body = body[..bodyLength];
        }

        answer = _reply(new CannedRequest(head, body, Interlocked.Increment(ref _requests)));
        return true;
    }

    private static string? Header(ReadOnlySpan<byte> head, string name)
    {
        foreach (Range range in head.Split("\r\n"u8))
        {
            ReadOnlySpan<byte> line = head[range];
            if (line.Length > name.Length && line[name.Length] == (byte)':' && Ascii.EqualsIgnoreCase(line[..name.Length], name))
            {
                return Encoding.ASCII.GetString(line[(name.Length + 1)..]).Trim();
            }
        }

        return null;
    }
}
