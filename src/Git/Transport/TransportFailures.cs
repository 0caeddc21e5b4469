using System.ComponentModel;
using System.Net.Http;
using System.Net.Sockets;
using System.Text;
using Actors.Git.Remotes;
using Actors.Git.Wire;

namespace Actors.Git.Transport;

/// <summary>What an exception of the network, of TLS or of a helper program's pipe says about the remote.</summary>
internal static class TransportFailures
{
    /// <summary>The failure that it stands for; null when it is none of the remote's: the caller's cancellation, or a bug of ours.</summary>
    public static RemoteFailure? Explain(Exception exception, Deadline deadline) => exception switch
    {
        RemoteFailureException e => e.Failure,
        OperationCanceledException when deadline.HasPassed => new(RemoteFailureKind.TimedOut, "The remote did not answer in time."),
        // SocketsHttpHandler's own connect timeout; a cancellation by the caller has no such inner exception.
        OperationCanceledException { InnerException: TimeoutException } e when !deadline.Token.IsCancellationRequested => new(RemoteFailureKind.TimedOut, Words(e.InnerException!)),
        OperationCanceledException => null,
        HttpRequestException e => OfHttp(e),
        InvalidDataException => new(RemoteFailureKind.Malformed, "The remote's gzip encoding is damaged."),
        GitFormatException e => OfFormat(e),
        SocketException e => OfSocket(e),
        HttpIOException { HttpRequestError: HttpRequestError.ConfigurationLimitExceeded } e => new(RemoteFailureKind.OverLimit, Words(e)),
        IOException { InnerException: SocketException e } when OfSocket(e) is { Kind: RemoteFailureKind.TimedOut } failure => failure,
        IOException e => new(RemoteFailureKind.CutOff, Words(e)),
        ObjectDisposedException => new(RemoteFailureKind.CutOff, "The connection was closed."),
        Win32Exception e => new(RemoteFailureKind.Unsupported, Words(e)),
        _ => null,
    };

    /// <summary>Bad bytes as the failure that they are.</summary>
    public static RemoteFailure OfFormat(GitFormatException exception) => new(
        exception.Kind switch
        {
            GitFormatError.Truncated => RemoteFailureKind.CutOff,
            GitFormatError.OverLimit => RemoteFailureKind.OverLimit,
            _ => RemoteFailureKind.Malformed,
        },
        exception.Message);

    private static RemoteFailure OfHttp(HttpRequestException e)
    {
        for (Exception? inner = e.InnerException; inner is not null; inner = inner.InnerException)
        {
            if (inner is RemoteFailureException carried)
            {
                return carried.Failure;
            }
        }

        RemoteFailureKind kind = e.HttpRequestError switch
        {
            HttpRequestError.ResponseEnded => RemoteFailureKind.CutOff,
            HttpRequestError.InvalidResponse or HttpRequestError.HttpProtocolError => RemoteFailureKind.Malformed,
            HttpRequestError.ConfigurationLimitExceeded => RemoteFailureKind.OverLimit,
            HttpRequestError.NameResolutionError or HttpRequestError.ConnectionError or HttpRequestError.SecureConnectionError
                or HttpRequestError.ProxyTunnelError or HttpRequestError.VersionNegotiationError => RemoteFailureKind.Unreachable,
            _ => e.InnerException switch
            {
                SocketException s => OfSocket(s).Kind,
                IOException { InnerException: SocketException s } when OfSocket(s).Kind == RemoteFailureKind.TimedOut => RemoteFailureKind.TimedOut,
                IOException => RemoteFailureKind.CutOff,
                _ => RemoteFailureKind.Unreachable,
            },
        };
        if (kind == RemoteFailureKind.Unreachable && e.InnerException is SocketException { SocketErrorCode: SocketError.TimedOut })
        {
            kind = RemoteFailureKind.TimedOut;
        }

        return new RemoteFailure(kind, Words(e.InnerException is IOException or SocketException ? e.InnerException : e));
    }

    private static RemoteFailure OfSocket(SocketException e) => new(
        e.SocketErrorCode switch
        {
            SocketError.TimedOut => RemoteFailureKind.TimedOut,
            SocketError.ConnectionReset or SocketError.ConnectionAborted or SocketError.Shutdown => RemoteFailureKind.CutOff,
            _ => RemoteFailureKind.Unreachable,
        },
        Words(e));

    private static string Words(Exception e) => RemoteMessage.Clean(Encoding.UTF8.GetBytes(e.Message));
}
