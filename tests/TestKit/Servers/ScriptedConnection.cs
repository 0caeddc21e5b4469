using System.Net.Sockets;
using System.Text;

namespace Actors.TestKit.Servers;

/// <summary>One connection of a <see cref="ScriptedSocket"/>. When the script returns, it is closed in order (FIN).</summary>
public sealed class ScriptedConnection : IDisposable
{
    private readonly Socket _socket;
    private readonly List<byte> _unread = [];
    private readonly CancellationToken _stopping;

    internal ScriptedConnection(Socket socket, int number, CancellationToken stopping)
    {
        _socket = socket;
        _stopping = stopping;
        Number = number;
    }

    /// <summary>Which connection of the server this is, from 1.</summary>
    public int Number { get; }

    /// <summary>Sends bytes, at once and alone.</summary>
    public async Task SendAsync(ReadOnlyMemory<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            bytes = bytes[await _socket.SendAsync(bytes, SocketFlags.None, _stopping)..];
        }
    }

    /// <summary>Sends text in ASCII.</summary>
    public Task SendAsync(string text) => SendAsync(Encoding.ASCII.GetBytes(text));

    /// <summary>Sends the same bytes again and again until the client leaves; returns how many bytes it took.</summary>
    public async Task<long> SendForeverAsync(ReadOnlyMemory<byte> bytes)
    {
        long sent = 0;
        try
        {
            while (true)
            {
                await SendAsync(bytes);
                sent += bytes.Length;
            }
        }
        catch (SocketException)
        {
            return sent;
        }
    }

    /// <summary>Reads until, and with, these bytes.</summary>
    /// <exception cref="EndOfStreamException">The client closed before.</exception>
    public async Task<byte[]> ReadUntilAsync(byte[] end)
    {
        int at;
        while ((at = System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_unread).IndexOf(end)) < 0)
        {
            await MoreAsync();
        }

        return Take(at + end.Length);
    }

    /// <summary>Reads so many bytes.</summary>
    /// <exception cref="EndOfStreamException">The client closed before.</exception>
    public async Task<byte[]> ReadAsync(int count)
    {
        while (_unread.Count < count)
        {
            await MoreAsync();
        }

        return Take(count);
    }

    /// <summary>Reads the head of an HTTP request, and its body when that has a <c>Content-Length</c>.</summary>
    public async Task<(string Head, byte[] Body)> ReadHttpRequestAsync()
    {
        string head = Encoding.ASCII.GetString(await ReadUntilAsync("\r\n\r\n"u8.ToArray()));
        string? length = head.Split("\r\n").FirstOrDefault(l => l.StartsWith("Content-Length:", StringComparison.OrdinalIgnoreCase));
        return (head, length is null ? [] : await ReadAsync(int.Parse(length[15..], System.Globalization.CultureInfo.InvariantCulture)));
    }

    /// <summary>Says nothing more and keeps the connection open until the client closes it or the test ends.</summary>
    public async Task HoldAsync()
    {
        try
        {
            while (true)
            {
                await MoreAsync();
            }
        }
        catch (EndOfStreamException)
        {
            // The client has had enough.
        }
    }

    /// <summary>Breaks the connection (RST).</summary>
    public void Reset()
    {
        _socket.LingerState = new LingerOption(true, 0);
        _socket.Dispose();
    }

    /// <inheritdoc/>
    public void Dispose() => _socket.Dispose();

    private async Task MoreAsync()
    {
        byte[] buffer = new byte[16 << 10];
        int read = await _socket.ReceiveAsync(buffer, SocketFlags.None, _stopping);
        if (read == 0)
        {
            throw new EndOfStreamException("The client closed the connection.");
        }

        _unread.AddRange(buffer.AsSpan(0, read));
    }

    private byte[] Take(int count)
    {
        byte[] bytes = [.. _unread.Take(count)];
        _unread.RemoveRange(0, count);
        return bytes;
    }
}
