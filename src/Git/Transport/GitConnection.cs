using Actors.Git.Remotes;

namespace Actors.Git.Transport;

/// <summary>A connection on which git speaks both ways: a TCP socket or a program's pipes.</summary>
internal abstract class GitConnection : IAsyncDisposable
{
    /// <summary>What the server says.</summary>
    public abstract Stream Input { get; }

    /// <summary>What it hears.</summary>
    public abstract Stream Output { get; }

    /// <summary>When the connection ended early: what the other side says of the reason, or null. Ends the connection.</summary>
    public abstract ValueTask<RemoteFailure?> ExplainEndAsync();

    public abstract ValueTask DisposeAsync();
}
