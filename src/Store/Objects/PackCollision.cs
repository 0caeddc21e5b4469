using Actors.Git.Objects;
using Actors.Store.Packs;

namespace Actors.Store.Objects;

/// <summary>An object of a pack on its way in that is not what has its id already.</summary>
internal sealed record PackCollision(IncomingPack Pack, Oid Oid);
