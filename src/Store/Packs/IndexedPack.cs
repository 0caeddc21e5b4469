using Actors.Git.Objects;
using Actors.Git.Packs;

namespace Actors.Store.Packs;

/// <summary>A pack and its index, mapped. A position is a place in the index's order of oids.</summary>
internal sealed class IndexedPack : IDisposable
{
    private IndexedPack(PackFile file, PackIndex index) => (File, Index) = (file, index);

    public PackFile File { get; }

    public PackIndex Index { get; }

    public int Count => Index.Count;

    public ReadOnlySpan<Oid> Oids => Index.Oids;

    /// <exception cref="FileNotFoundException">One of the files is not there.</exception>
    /// <exception cref="Git.GitFormatException">One of them is damaged, or they do not belong together.</exception>
    public static IndexedPack Open(string packPath, string indexPath, DeltaBaseCache? bases)
    {
        var index = PackIndex.Open(indexPath);
        try
        {
            var file = PackFile.Open(packPath, bases);
            if (file.ObjectCount == index.Count && file.Checksum == index.PackChecksum)
            {
                return new IndexedPack(file, index);
            }

            file.Dispose();
            throw new Git.GitFormatException(Git.GitFormatError.PackIndex, $"{Path.GetFileName(indexPath)} is the index of another pack.");
        }
        catch
        {
            index.Dispose();
            throw;
        }
    }

    public bool TryFind(Oid oid, out int position) => Index.TryFind(oid, out position);

    public GitObject Read(int position, long contentBytesMax) => File.ReadObject(Index.OffsetAt(position), contentBytesMax, OffsetOf);

    public ObjectType ReadType(int position) => File.ReadTypeAt(Index.OffsetAt(position), OffsetOf);

    /// <summary>Positions sorted by where their entries are: bases of deltas come close together, and the disk is read forwards.</summary>
    public int[] InOffsetOrder(IReadOnlyList<int> positions)
    {
        int[] ordered = [.. positions];
        Array.Sort(Array.ConvertAll(ordered, Index.OffsetAt), ordered);
        return ordered;
    }

    /// <summary>Types of all objects by position, each header read once.</summary>
    public ObjectType[] ListTypes()
    {
        var types = new ObjectType[Count];
        var offsets = EntryOffsets.Of(Index);
        for (int rank = 0; rank < offsets.Count; rank++)
        {
            PackEntry entry = File.ReadEntry(offsets.OffsetAt(rank));
            types[offsets.PositionAt(rank)] = entry.Header.Type switch
            {
                PackEntryType.OfsDelta when offsets.TryFind(entry.BaseOffset, out int position) => types[position],
                PackEntryType.OfsDelta or PackEntryType.RefDelta => File.ReadTypeAt(entry.Offset, OffsetOf),
                _ => entry.Header.ObjectType,
            };
        }

        return types;
    }

    public void Dispose()
    {
        File.Dispose();
        Index.Dispose();
    }

    private long OffsetOf(Oid oid) => Index.TryFind(oid, out int position) ? Index.OffsetAt(position) : -1;
}
