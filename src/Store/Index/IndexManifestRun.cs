namespace Actors.Store.Index;

/// <summary>A run as the manifest names it.</summary>
/// <param name="Sequence">Names the file.</param>
/// <param name="FileBytes">The file's length.</param>
/// <param name="Checksum">Of the file's header, which holds the checksums of the rest.</param>
internal readonly record struct IndexManifestRun(long Sequence, long FileBytes, uint Checksum);
