using Actors.Store.Blobs;

namespace Actors.Store.Catalogue;

/// <summary>A run of the shared object index.</summary>
/// <param name="Id">The upload that brought it; names it.</param>
/// <param name="Generation">Of the catalogue when it was added: goes up with each change of the runs.</param>
/// <param name="Range">Which part of all oids.</param>
/// <param name="FirstSequence">First pack that it covers.</param>
/// <param name="LastSequence">Last pack that it covers.</param>
/// <param name="Key">Its blob.</param>
/// <param name="Entries">Oids in it.</param>
/// <param name="Bytes">Bytes of the blob.</param>
/// <param name="Checksum">Of the blob, as the index's code defines it.</param>
internal sealed record CatalogueRun(
    long Id, long Generation, int Range, long FirstSequence, long LastSequence, BlobKey Key, long Entries, long Bytes, ReadOnlyMemory<byte> Checksum);
