using Actors.Git.Remotes;

namespace Actors.Store.Heads.Postgres;

/// <summary>A repository that a group of visits changes: as it was found, and as the visits so far leave it.</summary>
internal sealed class HeldRepository(Guid key, RepositoryUrl url)
{
    public Guid Key { get; } = key;

    /// <summary>Null where there was no row.</summary>
    public RepositoryState? Found { get; private set; }

    public RepositoryState State { get; private set; } = new() { Url = url };

    /// <summary><c>repository.number</c>; 0 until it has one.</summary>
    public long Number { get; private set; }

    /// <summary>Place of the last visit; 0 for none.</summary>
    public long LastVisit { get; private set; }

    /// <summary>Whether only what every visit changes differs from the row.</summary>
    public bool SameHeads =>
        State.Snapshot == Found!.Snapshot && State.Digest == Found.Digest && State.CloneBytes == Found.CloneBytes && State.MovedTo == Found.MovedTo && State.Evidence == Found.Evidence;

    public void Find(RepositoryState state, long number, long lastVisit) => (Found, State, Number, LastVisit) = (state, state, number, lastVisit);

    /// <summary>Takes the next visit in.</summary>
    public void Take(RepositoryState after, long place) =>
        (State, LastVisit, Number) = (after, place, Number == 0 ? place : Number);
}
