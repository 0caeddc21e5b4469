namespace Actors.Sync.Outcomes;

/// <summary>Whose fault a failing outcome is: who should look at it.</summary>
public enum Fault
{
    /// <summary>Nobody's: it went well.</summary>
    None,

    /// <summary>The repository or its owner: gone, private, corrupt, too large.</summary>
    Repository,

    /// <summary>The forge: it throttles, it is down.</summary>
    Forge,

    /// <summary>The network between us.</summary>
    Network,

    /// <summary>Ours: something we do not support, a full disk, a bug.</summary>
    Ours,
}
