namespace Actors.Store.Objects;

/// <summary>What a compaction did.</summary>
/// <param name="PacksBefore">Visible packs before.</param>
/// <param name="PacksAfter">Visible packs after.</param>
/// <param name="BytesBefore">Bytes of packs and pack indexes before.</param>
/// <param name="BytesAfter">Bytes of packs and pack indexes after.</param>
/// <param name="DuplicatesDropped">Second copies of objects that are gone now.</param>
public sealed record CompactionResult(int PacksBefore, int PacksAfter, long BytesBefore, long BytesAfter, long DuplicatesDropped);
