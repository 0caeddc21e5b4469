using Actors.Git.Objects;
using Actors.Git.Packs;

namespace Actors.Store.Packs;

/// <summary>A complete pack with its index that is not visible yet: being taken in, merged, or brought back from aside.</summary>
internal sealed class IncomingPack : IDisposable
{
    private IncomingPack(string packPath, string indexPath, IndexedPack pack) =>
        (PackPath, IndexPath, Pack) = (packPath, indexPath, pack);

    public string PackPath { get; }

    public string IndexPath { get; }

    /// <summary>The files, mapped; stay readable after a rename.</summary>
    public IndexedPack Pack { get; }

    public Oid Checksum => Pack.Index.PackChecksum;

    /// <summary>Bytes of both files.</summary>
    public long Bytes => Pack.File.Length + Pack.Index.Length;

    /// <summary>What it refers to and does not have.</summary>
    public IReadOnlyList<ObjectReference> References { get; private init; } = [];

    /// <summary>Objects that were appended from the store, not received.</summary>
    public IReadOnlySet<Oid> Appended { get; private init; } = new HashSet<Oid>();

    /// <summary>A pack that was just indexed.</summary>
    public static IncomingPack Open(string packPath, string indexPath, PackIndexResult result, DeltaBaseCache bases) =>
        new(packPath, indexPath, IndexedPack.Open(packPath, indexPath, bases))
        {
            References = result.References,
            Appended = result.AppendedBases.ToHashSet(),
        };

    /// <summary>A pack that was just written here, with all that its objects refer to.</summary>
    public static IncomingPack Open(string packPath, string indexPath, IReadOnlyCollection<ObjectReference> references, DeltaBaseCache bases)
    {
        IndexedPack pack = IndexedPack.Open(packPath, indexPath, bases);
        return new(packPath, indexPath, pack) { References = [.. references.Where(one => !pack.TryFind(one.Oid, out _)).DistinctBy(one => one.Oid).OrderBy(one => one.Oid)] };
    }

    /// <summary>A pack whose references have been looked at before.</summary>
    public static IncomingPack Open(string packPath, string indexPath, DeltaBaseCache? bases) =>
        new(packPath, indexPath, IndexedPack.Open(packPath, indexPath, bases));

    /// <summary>The same pack in another directory, flushed.</summary>
    public IncomingPack CopyTo(string directory)
    {
        string packPath = Path.Combine(directory, Path.GetFileName(PackPath));
        string indexPath = Path.Combine(directory, Path.GetFileName(IndexPath));
        foreach ((string from, string to) in (ReadOnlySpan<(string, string)>)[(PackPath, packPath), (IndexPath, indexPath)])
        {
            File.Copy(from, to);
            using FileStream copy = new(to, FileMode.Open, FileAccess.ReadWrite);
            copy.Flush(flushToDisk: true);
        }

        return Open(packPath, indexPath, bases: null);
    }

    public void Dispose() => Pack.Dispose();
}
