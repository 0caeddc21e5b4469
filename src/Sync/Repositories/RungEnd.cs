using Actors.Git.Remotes;
using Actors.Store.Heads;
using Actors.Sync.Outcomes;

namespace Actors.Sync.Repositories;

/// <summary>How one rung ended.</summary>
internal sealed record RungEnd
{
    /// <summary>Everything that the tips reach is in the store.</summary>
    public static RungEnd Closed { get; } = new() { IsClosed = true };

    /// <summary>Nothing wrong, and nothing brought: the next rung.</summary>
    public static RungEnd NotCarried { get; } = new();

    /// <summary>As <see cref="NotCarried"/>, and most content that was sampled is in the store.</summary>
    public static RungEnd ContentIsStored { get; } = new() { LooksStored = true };

    public bool IsClosed { get; private init; }

    public bool LooksStored { get; private init; }

    /// <summary>What the remote did, if that ended the rung.</summary>
    public RemoteFailure? Failure { get; private init; }

    /// <summary>What we found ourselves, if that ended the sync.</summary>
    public (Outcome Outcome, Fault Fault, string Error)? Refusal { get; private init; }

    public static RungEnd Failed(RemoteFailure failure) => new() { Failure = failure };

    public static RungEnd Refused(Outcome outcome, Fault fault, string error) => new() { Refusal = (outcome, fault, error) };
}
