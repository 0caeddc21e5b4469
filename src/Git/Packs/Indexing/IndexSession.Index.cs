using System.Runtime.CompilerServices;
using Actors.Git.Objects;

namespace Actors.Git.Packs.Indexing;

/// <summary>The index, and what is reported.</summary>
internal sealed partial class IndexSession
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private PackIndexResult WriteIndex()
    {
        int count = Entries.Count;
        int[] byType = new int[5];
        Oid[] appended = new Oid[count - _receivedCount];
        using var sorted = new NativeList<PackIndexEntry>();
        for (int i = 0; i < count; i++)
        {
            ref IndexedEntry entry = ref Entries[i];
            if (entry.Type == ObjectType.None)
            {
                throw new GitFormatException(GitFormatError.Delta, "A delta's base is never made", entry.Offset);
            }

            if (i < _receivedCount)
            {
                byType[(int)entry.Type]++;
            }
            else
            {
                appended[i - _receivedCount] = entry.Oid;
            }

            sorted.Add(new PackIndexEntry(entry.Oid, entry.Crc, entry.Offset));
        }

        // What follows needs none of this; sorting takes its room.
        _resolver!.Dispose();
        _scan!.Dispose();
        _arena.Dispose();
        PackIndexSort.Sort(sorted.Span);
        PackIndexWriter.Write(_index!, sorted.Span, _checksum, PackIndex.LargeOffset);
        Flush();
        return new PackIndexResult
        {
            Checksum = _checksum,
            PackBytes = appended.Length == 0 ? _receivedBytes : _packEnd + PackFormat.TrailerLength,
            ReceivedBytes = _receivedBytes,
            ObjectCount = count,
            CountByType = byType,
            AppendedBases = appended,
            References = _references?.Outgoing(sorted.Span) ?? [],
        };
    }

    private void Flush()
    {
        if (_options.Fsync)
        {
            RandomAccess.FlushToDisk(_file!);
            _index!.Flush(flushToDisk: true);
        }
    }
}
