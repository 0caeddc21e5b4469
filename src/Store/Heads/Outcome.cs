namespace Actors.Store.Heads;

/// <summary>How a sync ended. Stored by number and shown by name: numbers are never reused.</summary>
public enum Outcome : byte
{
    /// <summary>First sync: heads and objects are stored.</summary>
    New = 1,

    /// <summary>Heads changed; what was missing is stored.</summary>
    Updated = 2,

    /// <summary>No selected ref changed.</summary>
    Unchanged = 3,

    /// <summary>No refs at all, or only an unborn HEAD.</summary>
    Empty = 4,

    /// <summary>Permanently redirected and not followed, or the redirect's target is a repository of its own now.</summary>
    Moved = 5,

    /// <summary>The remote says that there is none (404, 410). One answer removes nothing.</summary>
    Gone = 6,

    /// <summary>The remote refuses us (401, 403, 451, keys).</summary>
    Refused = 7,

    /// <summary>The forge asks for patience.</summary>
    Throttled = 8,

    /// <summary>No connection: name, network, TLS.</summary>
    Unreachable = 9,

    /// <summary>A deadline passed.</summary>
    TimedOut = 10,

    /// <summary>Bytes that cannot be right, or a pack that is not closed or collides: kept aside, not stored.</summary>
    Corrupt = 11,

    /// <summary>More refs, bytes or objects than the limits allow.</summary>
    OverLimit = 12,

    /// <summary>Needs what we do not do (SHA-256, shallow history, dumb server).</summary>
    Unsupported = 13,

    /// <summary>Anything else, our own failures too.</summary>
    Failed = 14,

    /// <summary>Some releases of a package are stored and some failed: the heads are those that could be made.</summary>
    Partial = 15,
}
