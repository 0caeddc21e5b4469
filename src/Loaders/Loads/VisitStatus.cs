namespace Actors.Loaders.Loads;

/// <summary>How a visit ended, in Software Heritage's words.</summary>
public enum VisitStatus
{
    /// <summary>All that is listed is stored.</summary>
    Full,

    /// <summary>Some releases failed.</summary>
    Partial,

    /// <summary>The registry says that there is no such package.</summary>
    NotFound,

    /// <summary>Nothing could be learnt.</summary>
    Failed,
}
