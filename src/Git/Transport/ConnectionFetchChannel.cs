using Actors.Git.Wire;

namespace Actors.Git.Transport;

/// <summary>Messages one after the other on a connection whose advertisement has been read.</summary>
internal sealed class ConnectionFetchChannel(GitConnection connection, PktLineReader reader, Deadline deadline) : FetchChannel
{
    public override bool IsStateless => false;

    public override long BytesReceived => reader.BytesRead;

    public override async ValueTask<PktLineReader> SendAsync(ReadOnlyMemory<byte> message)
    {
        Requests++;
        await deadline.WriteAsync(connection.Output, message).ConfigureAwait(false);
        return reader;
    }

    // The connection belongs to whoever opened it.
    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
