namespace Actors.Git.Remotes;

/// <summary>How an exchange with a remote ended when it did not succeed. An expected end, told as a value.</summary>
public enum RemoteFailureKind
{
    /// <summary>No such host, refused connection, TLS failure, no route: nothing spoke git to us.</summary>
    Unreachable,

    /// <summary>A deadline passed: connecting, between two reads, or in all.</summary>
    TimedOut,

    /// <summary>404 or 410, or the other transports' "not found".</summary>
    NotFound,

    /// <summary>401: private, gone, or throttled; one answer does not tell which.</summary>
    Unauthorized,

    /// <summary>403 or 451, or an ssh key refused.</summary>
    Forbidden,

    /// <summary>429, 503 with Retry-After, or a throttling message by <c>ERR</c> or sideband 3 inside a 200.</summary>
    Throttled,

    /// <summary>Another 5xx answer.</summary>
    ServerError,

    /// <summary>An <c>ERR</c> pkt-line or an error on sideband 3 that is not throttling.</summary>
    RemoteError,

    /// <summary>An <c>ERR</c> that says that a wanted oid is not offered (any more): probe again.</summary>
    NotOurRef,

    /// <summary>The connection ended before the response did.</summary>
    CutOff,

    /// <summary>Bytes that git's documents do not allow.</summary>
    Malformed,

    /// <summary>More refs, bytes, objects or redirects than the limits allow.</summary>
    OverLimit,

    /// <summary>A remote that needs what we do not do: a dumb server, SHA-256, a hook program, an unknown capability.</summary>
    Unsupported,

    /// <summary>A redirect to where we do not go: another scheme, a private address, a loop.</summary>
    BadRedirect,
}
