namespace Actors.Grains.Repositories;

/// <summary>What became of a visit. Numbers are never reused.</summary>
public enum VisitState : byte
{
    /// <summary>No such visit is known: its silo ended, or it was long ago. Start again.</summary>
    Unknown = 0,

    /// <summary>Ended and recorded.</summary>
    Ended = 1,

    /// <summary>Goes on: wait for it again.</summary>
    Running = 2,

    /// <summary>The grain sat in another silo than the permit; it has moved out: start again.</summary>
    Elsewhere = 3,

    /// <summary>Cut off by us (the permit lapsed, the silo ends): nothing was recorded. Start again.</summary>
    CutOff = 4,

    /// <summary>The host wants patience, and the caller said to come again: nothing was recorded.</summary>
    PutBack = 5,
}
