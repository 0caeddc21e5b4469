using Actors.Git;
using Actors.Git.Objects;
using Actors.Git.Packs;
using Actors.Store.Packs;

namespace Actors.Store.Compaction;

/// <summary>
/// Writes one self-contained pack from chosen objects of several. Deltas whose base is chosen too are copied as they are,
/// with a new distance; nothing is inflated but what has to be written whole.
/// </summary>
/// <remarks>
/// No delta of the new pack can be below itself. An object is taken from one pack, and its delta is kept only if the base is
/// taken from the same pack or from an earlier one of the list. So along a chain the pack never becomes a later one; within
/// one pack the chain is the one that pack has, which ends. <see cref="PackSelection.AllOf"/> takes each object from the first
/// pack that has it, so there every delta's base, which is in the delta's own pack, is taken from it or an earlier one. What <see cref="MergeDeltas"/> adds are
/// deltas on objects of earlier packs only, for which the same holds.
/// </remarks>
internal sealed class PackMerge
{
    /// <summary>Where fewer than one in so many objects are chosen, their ends are found by inflating rather than by sorting all offsets.</summary>
    private const int SparseRatio = 16;

    private readonly PackSelection[] _sources;
    private readonly PackWriter _writer;
    private readonly IProgress<long>? _progress;
    private readonly MergeDeltas? _deltas;

    /// <summary>Entries of the source being written, chosen ones only where they are sparse.</summary>
    private EntryOffsets _offsets = EntryOffsets.Empty;

    private PackMerge(PackSelection[] sources, PackWriter writer, bool deltas, IProgress<long>? progress) =>
        (_sources, _writer, _progress, _deltas) = (sources, writer, progress, deltas ? new MergeDeltas(sources) : null);

    /// <summary>Writes a pack and its index to new files. Nothing is left of them after a failure.</summary>
    /// <param name="sources">Objects, each chosen once.</param>
    /// <param name="packPath">Must not exist.</param>
    /// <param name="indexPath">Must not exist.</param>
    /// <param name="fsync">Flush both files.</param>
    /// <param name="deltas">Make deltas of whole objects on those of other packs, where that pays; see <see cref="MergeDeltas"/>.</param>
    /// <param name="progress">Told the bytes written so far.</param>
    /// <param name="cancellationToken">Ends the writing.</param>
    /// <returns>The pack's checksum.</returns>
    public static async Task<Oid> WriteFilesAsync(
        PackSelection[] sources, string packPath, string indexPath, bool fsync, bool deltas, IProgress<long>? progress, CancellationToken cancellationToken)
    {
        try
        {
            var file = new FileStream(packPath, FileMode.CreateNew, FileAccess.Write, FileShare.Read, bufferSize: 0);
            await using (file.ConfigureAwait(false))
            {
                using var writer = new PackWriter(file, CountOf(sources));
                Oid checksum = await new PackMerge(sources, writer, deltas, progress).WriteAsync(cancellationToken).ConfigureAwait(false);
                if (fsync)
                {
                    file.Flush(flushToDisk: true);
                }

                writer.WriteIndex(indexPath, checksum, fsync);
                return checksum;
            }
        }
        catch
        {
            File.Delete(packPath);
            File.Delete(indexPath);
            throw;
        }
    }

    /// <summary>Writes a pack to a stream, front to back.</summary>
    public static async Task<Oid> WriteStreamAsync(PackSelection[] sources, Stream destination, CancellationToken cancellationToken)
    {
        using var writer = new PackWriter(destination, CountOf(sources));
        return await new PackMerge(sources, writer, deltas: false, null).WriteAsync(cancellationToken).ConfigureAwait(false);
    }

    private static uint CountOf(PackSelection[] sources) => checked((uint)sources.Sum(one => (long)one.Count));

    private async Task<Oid> WriteAsync(CancellationToken cancellationToken)
    {
        for (int source = 0; source < _sources.Length; source++)
        {
            PackSelection chosen = _sources[source];
            _deltas?.Begin(source);
            bool sparse = (long)chosen.Count * SparseRatio < chosen.Pack.Count;
            _offsets = sparse ? EntryOffsets.Of(chosen.Pack.Index, chosen.Positions) : EntryOffsets.Of(chosen.Pack.Index);
            for (int rank = 0; rank < _offsets.Count; rank++)
            {
                if (!chosen.TryFind(_offsets.PositionAt(rank), out int place))
                {
                    continue;
                }

                cancellationToken.ThrowIfCancellationRequested();
                PackEntry entry = chosen.Pack.File.ReadEntry(_offsets.OffsetAt(rank));
                long end = sparse ? chosen.Pack.File.FindEnd(entry)
                    : rank + 1 < _offsets.Count ? _offsets.OffsetAt(rank + 1)
                    : chosen.Pack.File.EntriesEnd;
                await WriteEntryAsync(source, place, entry, end, cancellationToken).ConfigureAwait(false);
                _progress?.Report(_writer.Position);
            }

            _deltas?.End(source);
        }

        return await _writer.FinishAsync(cancellationToken).ConfigureAwait(false);
    }

    private async ValueTask WriteEntryAsync(int source, int place, PackEntry entry, long end, CancellationToken cancellationToken)
    {
        PackSelection chosen = _sources[source];
        int position = chosen.Positions[place];
        Oid oid = chosen.Pack.Oids[position];
        Decide(source, place);
        chosen.SetOffset(place, _writer.Position);
        if (entry.Header.IsDelta && chosen.DepthAt(place) == 0)
        {
            GitObject whole = chosen.Pack.Read(position, long.MaxValue);
            _ = await _writer.WriteObjectAsync(oid, whole.Type, whole.Content, cancellationToken).ConfigureAwait(false);
            return;
        }

        // What is copied unseen is checked, so that a damaged disk does not spread.
        if (chosen.Pack.File.ComputeCrc(entry.Offset, end) != chosen.Pack.Index.CrcAt(position))
        {
            throw new GitFormatException(GitFormatError.Checksum, $"The entry of {oid} in pack {chosen.Pack.Index.PackChecksum} is damaged", entry.Offset);
        }

        if (!entry.Header.IsDelta && _deltas is not null && _deltas.TryMake(source, place, entry.Header.Size, end - entry.Offset, out byte[]? delta, out long baseOffset))
        {
            _ = await _writer.WriteDeltaAsync(oid, baseOffset, delta, cancellationToken).ConfigureAwait(false);
            return;
        }

        PackEntryHeader header = entry.Header.IsDelta ? Rebase(source, entry) : entry.Header;
        _ = await _writer.CopyEntryAsync(oid, header, chosen.Pack.File, entry.DataOffset, end, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The header of a delta that is kept: by distance when its base is written already, else by oid.</summary>
    private PackEntryHeader Rebase(int source, PackEntry entry)
    {
        _ = TryFindBase(source, entry, out Oid oid, out int baseSource, out int basePlace);
        long written = _sources[baseSource].OffsetAt(basePlace);
        return written > 0
            ? new PackEntryHeader(PackEntryType.OfsDelta, entry.Header.Size, _writer.Position - written, default)
            : new PackEntryHeader(PackEntryType.RefDelta, entry.Header.Size, 0, oid);
    }

    /// <summary>
    /// Decides how deep an object's chain of deltas is, 0 for a whole object. Bases that come later in the file are decided
    /// first; they are in the same source, because earlier sources are written already.
    /// </summary>
    private void Decide(int source, int place)
    {
        PackSelection chosen = _sources[source];
        var open = new Stack<int>([place]);
        while (open.TryPeek(out int at))
        {
            PackEntry entry = chosen.Pack.File.ReadEntry(chosen.Pack.Index.OffsetAt(chosen.Positions[at]));
            int depth = 0;
            if (entry.Header.IsDelta && TryFindBase(source, entry, out _, out int baseSource, out int basePlace))
            {
                depth = _sources[baseSource].DepthAt(basePlace) + 1;
                if (depth == 0)
                {
                    if (open.Count > chosen.Count)
                    {
                        throw new GitFormatException(GitFormatError.Delta, $"Deltas of pack {chosen.Pack.Index.PackChecksum} are based on each other", entry.Offset);
                    }

                    open.Push(basePlace);
                    continue;
                }
            }

            chosen.SetDepth(at, depth > Limits.MergedDepthMax ? 0 : depth);
            _ = open.Pop();
        }
    }

    /// <summary>Finds the chosen copy of a delta's base in the same pack or an earlier one.</summary>
    private bool TryFindBase(int source, PackEntry entry, out Oid oid, out int baseSource, out int basePlace)
    {
        (oid, baseSource, basePlace) = (default, source, -1);
        IndexedPack pack = _sources[source].Pack;
        bool found = entry.Header.Type == PackEntryType.RefDelta
            ? pack.TryFind(entry.Header.BaseOid, out int position)
            : _offsets.TryFind(entry.BaseOffset, out position);
        if (!found)
        {
            return false;
        }

        oid = pack.Oids[position];
        if (_sources[source].TryFind(position, out basePlace))
        {
            return true;
        }

        for (baseSource = 0; baseSource < source; baseSource++)
        {
            if (_sources[baseSource].Pack.TryFind(oid, out position) && _sources[baseSource].TryFind(position, out basePlace))
            {
                return true;
            }
        }

        return false;
    }
}
