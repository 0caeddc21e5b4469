namespace Actors.Web.Forges;

/// <summary>What a misbehaving forge does with one request.</summary>
public enum ForgeDeed
{
    /// <summary>Answers as git does.</summary>
    Serve,

    /// <summary>Too many requests, said in its own way.</summary>
    Throttle,

    /// <summary>Refuses this client altogether for a while.</summary>
    Ban,

    /// <summary>Deleted.</summary>
    Gone,

    /// <summary>Private today.</summary>
    Private,

    /// <summary>Renamed: a permanent redirect.</summary>
    Moved,

    /// <summary>500.</summary>
    ServerError,

    /// <summary>200 with something else than git's answer.</summary>
    Garbage,

    /// <summary>200 with the beginning of an answer.</summary>
    Truncate,

    /// <summary>The beginning of an answer, and then nothing.</summary>
    Stall,

    /// <summary>The connection is reset.</summary>
    Reset,

    /// <summary>Answers as git does, but begins only after a long while.</summary>
    SlowStart,

    /// <summary>A fetch's answer of git's with one byte changed.</summary>
    BentPack,

    /// <summary>A fetch's answer of git's that begins, and then nothing.</summary>
    StallInPack,

    /// <summary>A fetch's answer of git's in which the connection is reset.</summary>
    ResetInPack,
}
