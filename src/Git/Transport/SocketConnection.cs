using System.Text;
using Actors.Git.Remotes;
using Actors.Git.Wire;

namespace Actors.Git.Transport;

/// <summary>git's own protocol over TCP (gitprotocol-pack, "Git Transport"; gitprotocol-v2, "Git Transport").</summary>
internal sealed class SocketConnection : GitConnection
{
    private readonly Stream _stream;

    private SocketConnection(Stream stream) => _stream = stream;

    public override Stream Input => _stream;

    public override Stream Output => _stream;

    /// <summary>Connects and asks for git-upload-pack.</summary>
    /// <exception cref="RemoteFailureException">No connection.</exception>
    public static async ValueTask<SocketConnection> OpenAsync(RepositoryUrl url, GitClientOptions options, DeadlinePool deadlines, CancellationToken cancellationToken)
    {
        using Deadline deadline = deadlines.Rent(options.ConnectTimeMax, options.ConnectTimeMax, cancellationToken);
        deadline.Arm();
        Stream stream;
        try
        {
            stream = await new GuardedConnect(options.AddressGuard, options.Connected)
                .ConnectAsync(url.HostName, url.Port ?? 9418, url.Host.ToString(), deadline.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (TransportFailures.Explain(e, deadline) is { } failure)
        {
            throw new RemoteFailureException(failure, e);
        }

        SocketConnection connection = new(stream);
        try
        {
            await deadline.WriteAsync(stream, EncodeRequest(url)).ConfigureAwait(false);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary><c>git-proto-request = request-command SP pathname NUL [host-parameter NUL] [NUL extra-parameters]</c>.</summary>
    public static ReadOnlyMemory<byte> EncodeRequest(RepositoryUrl url) =>
        new PktLineWriter().Line(Encoding.UTF8.GetBytes($"git-upload-pack {url.DecodedPath}\0host={url.Host}\0\0version=2\0")).Written;

    public override ValueTask<RemoteFailure?> ExplainEndAsync() => ValueTask.FromResult<RemoteFailure?>(null);

    public override ValueTask DisposeAsync() => _stream.DisposeAsync();
}
