namespace Actors.Sync.ForgeHosts;

/// <summary>A chunk of the spool on its way back to memory.</summary>
/// <param name="Offset">Where it begins in the file.</param>
/// <param name="Length">Its bytes.</param>
/// <param name="Count">Its repositories.</param>
/// <param name="Bytes">Its bytes themselves, where they were never written; null: in the file.</param>
internal readonly record struct SpooledChunk(long Offset, int Length, int Count, byte[]? Bytes);
