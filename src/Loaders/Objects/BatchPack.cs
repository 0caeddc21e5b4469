using Actors.Git.Objects;
using Actors.Git.Packs;
using Actors.Store.Objects;

namespace Actors.Loaders.Objects;

/// <summary>
/// Writes a batch of new objects as one pack: as a delta on what it resembles, where that stands before it in the same pack and the delta pays, else whole. A base in another
/// pack does not pay: packs of the store are complete, so it would have to be copied.
/// </summary>
/// <param name="batch">The objects, each after what it may resemble.</param>
/// <param name="likes">What resembles what; null: all are written whole.</param>
/// <param name="level">zlib level.</param>
internal sealed class BatchPack(IReadOnlyList<(Oid Oid, ObjectType Type, byte[] Content)> batch, IReadOnlyDictionary<Oid, Oid>? likes, int level)
{
    private readonly Dictionary<Oid, (long Offset, int Depth, ObjectType Type, byte[] Content)> _bases = [];

    /// <summary>Adds the pack to an ingest.</summary>
    public Task AddToAsync(IPackIngest ingest, CancellationToken cancellationToken) =>
        ingest.AddMadeAsync((uint)batch.Count, level, References(), WriteAsync, cancellationToken);

    private HashSet<ObjectReference> References()
    {
        HashSet<ObjectReference> references = [];
        foreach ((_, ObjectType type, byte[] content) in batch)
        {
            ObjectReferences.Read(type, content, one => references.Add(one));
        }

        return references;
    }

    private async Task WriteAsync(PackWriter writer, CancellationToken cancellationToken)
    {
        HashSet<Oid> wanted = [.. batch.Select(one => BaseOf(one.Oid) ?? default)];
        foreach ((Oid oid, ObjectType type, byte[] content) in batch)
        {
            long offset;
            int depth = 0;
            if (DeltaOf(oid, type, content, out long baseOffset, out int baseDepth) is { } delta)
            {
                offset = await writer.WriteDeltaAsync(oid, baseOffset, delta, cancellationToken).ConfigureAwait(false);
                depth = baseDepth + 1;
            }
            else
            {
                offset = await writer.WriteObjectAsync(oid, type, content, cancellationToken).ConfigureAwait(false);
            }

            if (wanted.Contains(oid))
            {
                _bases[oid] = (offset, depth, type, content);
            }
        }
    }

    private Oid? BaseOf(Oid oid) => likes is not null && likes.TryGetValue(oid, out Oid like) ? like : null;

    /// <summary>The delta of an object, or null. The longer the chain, the more it must save, as git wants it.</summary>
    private byte[]? DeltaOf(Oid oid, ObjectType type, byte[] content, out long baseOffset, out int baseDepth)
    {
        (baseOffset, baseDepth) = (0, 0);
        if (content.Length is < Limits.DeltaContentBytesMin or > Limits.DeltaContentBytesMax || BaseOf(oid) is not { } like
            || !_bases.TryGetValue(like, out (long Offset, int Depth, ObjectType Type, byte[] Content) found) || found.Type != type
            || found.Content.Length > Limits.DeltaContentBytesMax || found.Depth >= Limits.DeltaDepthMax)
        {
            return null;
        }

        (baseOffset, baseDepth) = (found.Offset, found.Depth);
        long bytesMax = (content.Length / 2L) * (Limits.DeltaDepthMax - found.Depth) / Limits.DeltaDepthMax;
        return DeltaMaker.Make(found.Content, content, (int)bytesMax);
    }
}
