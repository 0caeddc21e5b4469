using Actors.Git.Objects;

namespace Actors.Git.Packs.Indexing;

/// <summary>That the entry at an index is a delta on the object of that id.</summary>
internal readonly record struct RefDelta(Oid Base, int Entry);
