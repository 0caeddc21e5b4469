using Actors.Git.Objects;

namespace Actors.Sync.Tests.Simulation.Fleets;

/// <summary>A commit of a simulated history, with its tree and the tree's one blob.</summary>
internal sealed class FleetCommit
{
    /// <summary>Number of its history.</summary>
    public required int History { get; init; }

    /// <summary>From 0.</summary>
    public required int Place { get; init; }

    /// <summary>Not of the main line: a rewrite of the commit at the same place.</summary>
    public required bool IsRewrite { get; init; }

    public required Oid Oid { get; init; }

    public required FleetCommit? Parent { get; init; }

    /// <summary>Commit, tree, blob.</summary>
    public required KeyValuePair<Oid, GitObject>[] Objects { get; init; }

    /// <summary>Whether the other one is in this one's history, itself included.</summary>
    public bool Reaches(FleetCommit other) =>
        other == this || (!other.IsRewrite && other.History == History && other.Place <= (IsRewrite ? Place - 1 : Place));
}
