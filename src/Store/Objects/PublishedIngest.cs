using Actors.Git.Objects;

namespace Actors.Store.Objects;

/// <summary>How a <see cref="PendingIngest"/> ended.</summary>
/// <param name="Census">What of it was new in the end; may hold packs of others too.</param>
/// <param name="StoredBytes">Its part of what the store grew by.</param>
/// <param name="Colliding">An object of it that has the id of one that was stored meanwhile, and other content; then nothing was stored.</param>
internal sealed record PublishedIngest(IngestCensus Census, long StoredBytes, Oid? Colliding);
