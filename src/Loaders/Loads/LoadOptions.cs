using Actors.Git.Objects;
using Actors.Git.Remotes;
using Actors.Loaders.Objects;

namespace Actors.Loaders.Loads;

/// <summary>What all loads of a campaign share.</summary>
public sealed record LoadOptions
{
    /// <summary>How releases are told in git objects. The default is the one that the numbers of Software Heritage's tutorial hold for.</summary>
    public Era Era { get; init; } = Era.Revision;

    /// <summary>zlib level of what is stored. Level 4 takes a quarter less room than level 1, and half as much CPU time again.</summary>
    public int Level { get; init; } = 1;

    /// <summary>Told each object that the store did not have, after its commit; calls come one at a time. Null: nobody asks.</summary>
    public Action<RepositoryUrl, Oid, ObjectType>? NewObjects { get; init; }
}
