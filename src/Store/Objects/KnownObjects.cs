using Actors.Store.Packs;

namespace Actors.Store.Objects;

/// <summary>Objects of a pack that came although they are here already: in the store, or in an earlier pack of the same ingest.</summary>
/// <param name="Pack">The pack that came.</param>
/// <param name="Positions">Positions in its index.</param>
/// <param name="Earlier">The earlier pack that has them, or null: the store.</param>
internal sealed record KnownObjects(IncomingPack Pack, IReadOnlyList<int> Positions, IncomingPack? Earlier);
