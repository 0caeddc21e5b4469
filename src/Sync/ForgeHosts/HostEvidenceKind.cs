namespace Actors.Sync.ForgeHosts;

/// <summary>What one ended sync says about its forge host.</summary>
public enum HostEvidenceKind : byte
{
    /// <summary>Nothing: our own failure, a cut connection, one repository's trouble.</summary>
    Nothing,

    /// <summary>It is there and serves us, whatever it said about that repository.</summary>
    Answered,

    /// <summary>It asks for patience.</summary>
    Throttled,

    /// <summary>It refused a repository that it served before: throttling in disguise, when it happens often.</summary>
    RefusedKnown,

    /// <summary>It refused a repository that it may always have refused: in doubt when nothing else is answered for long.</summary>
    RefusedUnknown,

    /// <summary>Nobody answered.</summary>
    Unreachable,
}
