using Actors.Git.Wire;

namespace Actors.Git.Transport;

/// <summary>One way to put a fetch's messages to a server and read its answers, whatever lies between.</summary>
internal abstract class FetchChannel : IAsyncDisposable
{
    /// <summary>Whether each message is a request of its own that the server sees alone (HTTP).</summary>
    public abstract bool IsStateless { get; }

    /// <summary>Messages sent.</summary>
    public int Requests { get; protected set; }

    /// <summary>Bytes of answers so far.</summary>
    public abstract long BytesReceived { get; }

    /// <summary>Sends a whole message; the reader stands before the answer's first line and serves until the next call.</summary>
    /// <exception cref="RemoteFailureException">The remote refused, or the connection failed.</exception>
    public abstract ValueTask<PktLineReader> SendAsync(ReadOnlyMemory<byte> message);

    public abstract ValueTask DisposeAsync();
}
