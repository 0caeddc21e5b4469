using Actors.Git.Objects;
using Actors.Git.Packs;
using Actors.Store.Objects;

namespace Actors.Sync.Mirrors;

/// <summary>Writes objects of the store as packs of a mirror: to the spool, then to the target; several packs where one would be too large.</summary>
internal sealed class MirrorPackUpload(IObjectStore objects, MirrorSpool spool, CountedBlobs target, long packBytesMax)
{
    /// <summary>Writes and uploads. Named by content, so that doing it again after a crash adds nothing.</summary>
    /// <exception cref="KeyNotFoundException">An object is not in the store.</exception>
    public async Task<IReadOnlyList<MirrorPack>> WriteAsync(IReadOnlyList<Oid> oids, CancellationToken cancellationToken)
    {
        List<MirrorPack> packs = [];
        var open = new Stack<ArraySegment<Oid>>();
        if (oids.Count > 0)
        {
            open.Push(oids as Oid[] ?? [.. oids]);
        }

        while (open.TryPop(out ArraySegment<Oid> part))
        {
            if (await spool.UseAsync(path => TryWriteAsync(part, path, cancellationToken), cancellationToken).ConfigureAwait(false) is { } pack)
            {
                packs.Add(pack);
                continue;
            }

            // Twice the work at most: each half is written once more.
            open.Push(part[(part.Count / 2)..]);
            open.Push(part[..(part.Count / 2)]);
        }

        return packs;
    }

    /// <summary>The objects of packs of the mirror, by their indexes.</summary>
    public async Task<HashSet<Oid>> ListAsync(IReadOnlyList<MirrorPack> packs, CancellationToken cancellationToken)
    {
        HashSet<Oid> oids = [];
        foreach (MirrorPack pack in packs)
        {
            _ = await spool.UseAsync(path => AddAsync(pack, path, oids, cancellationToken), cancellationToken).ConfigureAwait(false);
        }

        return oids;
    }

    private async Task<MirrorPack?> TryWriteAsync(ArraySegment<Oid> oids, string path, CancellationToken cancellationToken)
    {
        string indexPath = path + ".idx";
        Oid name;
        try
        {
            // A single object may be as large as it is.
            PackRoom? room = oids.Count > 1 ? new PackRoom(packBytesMax) : null;
            name = await objects.WritePackFilesAsync(oids, path, indexPath, room, cancellationToken).ConfigureAwait(false);
        }
        catch (PackFullException)
        {
            return null;
        }

        await target.PutPackAsync(name, path, indexPath, cancellationToken).ConfigureAwait(false);
        return new MirrorPack(name, new FileInfo(path).Length, new FileInfo(indexPath).Length, oids.Count);
    }

    private async Task<int> AddAsync(MirrorPack pack, string path, HashSet<Oid> oids, CancellationToken cancellationToken)
    {
        await target.CopyToFileAsync(MirrorLayout.IndexOf(pack.Name), path, cancellationToken).ConfigureAwait(false);
        using var index = PackIndex.Open(path);
        if (index.PackChecksum != pack.Name)
        {
            throw new InvalidDataException($"The mirror's index of pack {pack.Name} is another pack's.");
        }

        foreach (Oid oid in index.Oids)
        {
            _ = oids.Add(oid);
        }

        return index.Count;
    }
}
