namespace Actors.TestKit.Servers;

/// <summary>Kinds of <see cref="S3Fault"/>.</summary>
public enum S3FaultKind
{
    /// <summary>Connection closed, nothing done.</summary>
    Reset,

    /// <summary>Nothing done, nothing said.</summary>
    Hang,

    /// <summary>Nothing done, an error said.</summary>
    Answer,

    /// <summary>Done; the answer's body ends early.</summary>
    Cut,

    /// <summary>Done; no answer.</summary>
    Unheard,
}
