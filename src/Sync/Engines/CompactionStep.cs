namespace Actors.Sync.Engines;

/// <summary>Compacts the object store if that is due; false: it was not.</summary>
internal delegate Task<bool> CompactionStep(CancellationToken cancellationToken);
