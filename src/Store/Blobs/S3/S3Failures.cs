using System.Net;
using System.Net.Http;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Xml;
using Amazon.Runtime;

namespace Actors.Store.Blobs.S3;

/// <summary>Sorts what the SDK throws.</summary>
internal static class S3Failures
{
    // Of Amazon's list of error codes those that pass although their status does not say so: the bytes were damaged or did not come,
    // another call on the same key was under way.
    private static readonly HashSet<string> PassingCodes = new(StringComparer.Ordinal)
    {
        "BadDigest", "XAmzContentSHA256Mismatch", "InvalidDigest", "IncompleteBody", "RequestTimeout", "OperationAborted", "ConditionalRequestConflict",
        "SlowDown", "Throttling", "ThrottlingException", "TooManyRequests", "RequestLimitExceeded", "InternalError", "ServiceUnavailable",
    };

    /// <summary>What it stands for; null when it is none of the service's: a bug of ours.</summary>
    public static S3Failure? Explain(Exception exception) => exception switch
    {
        BlobStoreException e => new(e.Message, e.IsTransient),
        AmazonUnmarshallingException => new("an answer that cannot be read", true),
        AmazonServiceException { StatusCode: 0 } e => new(Words(e.InnerException ?? e), true),
        AmazonServiceException e => new($"{(int)e.StatusCode} {e.ErrorCode}", IsTransient(e)),
        AmazonClientException e => new(e.Message, Inner(e) is HttpRequestException or IOException or SocketException),
        HttpRequestException { InnerException: AuthenticationException e } => new(e.Message, false),
        HttpRequestException or SocketException or XmlException => new(Words(exception), true),
        // An end of time of ours: the caller's was asked for before.
        OperationCanceledException or TimeoutException => new("no answer in time", true),
        IOException => new(Words(exception), true),
        _ => null,
    };

    /// <summary>Whether a write that failed so may have been done all the same: anything but an answer that says no.</summary>
    public static bool MayHaveBeenDone(Exception exception) =>
        exception is not AmazonServiceException { StatusCode: not 0 } e || (int)e.StatusCode >= 500 || exception is AmazonUnmarshallingException;

    private static bool IsTransient(AmazonServiceException e) =>
        (int)e.StatusCode >= 500 && e.StatusCode != HttpStatusCode.NotImplemented
        || e.StatusCode is HttpStatusCode.TooManyRequests or HttpStatusCode.RequestTimeout
        || (e.ErrorCode is { } code && PassingCodes.Contains(code));

    private static Exception Inner(Exception e) => e.InnerException is { } inner ? Inner(inner) : e;

    private static string Words(Exception e) => Inner(e).Message;
}
