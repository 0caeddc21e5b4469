using System.Buffers.Binary;
using System.Security.Cryptography;
using Actors.Git.Objects;
using Actors.Git.Packs.Compression;
using Oid = Actors.Git.Objects.Oid;

namespace Actors.Git.Packs.Indexing;

/// <summary>Completes a thin pack (gitformat-pack; index-pack's <c>--fix-thin</c>): the bases that it lacks are appended whole, header count and trailer are written anew.</summary>
internal sealed partial class IndexSession
{
    private const int CopyBytes = 64 << 10;

    private int _receivedCount;
    private long _packEnd;

    private async Task CompleteAsync()
    {
        _receivedCount = Entries.Count;
        _packEnd = _receivedBytes - PackFormat.TrailerLength;
        while (FindMissingBases() is { Count: > 0 } missing)
        {
            int first = Entries.Count;
            await AppendBasesAsync(missing).ConfigureAwait(false);
            if (Entries.Count == first)
            {
                (Oid oid, int delta) = (missing[0].Base, missing[0].Entry);
                throw new GitFormatException(
                    GitFormatError.Delta, $"A delta's base {oid} is neither in the pack nor in the store", Entries[delta].Offset);
            }

            _bytes!.MapAll(_packEnd);
            _resolver!.BytesEnd = _packEnd;
            _resolver.LinkRefDeltas(first, Entries.Count);
            int threads = ThreadsFor(_receivedBytes);
            await Task.Run(() => _resolver.Run(first, Entries.Count, threads, _cancellationToken), CancellationToken.None).ConfigureAwait(false);
        }

        DropRepeatedBases();
        if (Entries.Count > _receivedCount && _file is not null)
        {
            RewriteHeaderAndTrailer();
        }
    }

    /// <summary>Bases named by oid that are not there, each once, in the order in which the pack's deltas need them.</summary>
    private List<RefDelta> FindMissingBases()
    {
        var missing = new List<RefDelta>();
        var seen = new HashSet<Oid>();
        foreach (RefDelta delta in Entries.RefDeltas.Span)
        {
            if (Entries[delta.Entry].Base < 0 && seen.Add(delta.Base))
            {
                missing.Add(delta);
            }
        }

        return missing;
    }

    private async Task AppendBasesAsync(List<RefDelta> missing)
    {
        using Deflater deflater = ZlibLibrary.Current.CreateDeflater(ZlibCodes.DefaultLevel);
        byte[] part = new byte[CopyBytes];
        bool isFirst = true;
        foreach (RefDelta delta in missing)
        {
            _cancellationToken.ThrowIfCancellationRequested();
            GitObject? found = _options.Bases is null
                ? null : await _options.Bases.ReadAsync(delta.Base, _costs.Limits.ObjectBytesMax, _cancellationToken).ConfigureAwait(false);
            if (found is null)
            {
                continue;
            }

            if (ObjectHash.Compute(found.Type, found.Content.Span) != delta.Base)
            {
                throw new GitFormatException(GitFormatError.Checksum, $"The stored object {delta.Base} does not have that id");
            }

            if (!isFirst)
            {
                deflater.Reset();
            }

            isFirst = false;
            AppendBase(delta.Base, found, deflater, part);
        }
    }

    private unsafe void AppendBase(Oid oid, GitObject found, Deflater deflater, byte[] part)
    {
        ReadOnlySpan<byte> content = found.Content.Span;
        PackEntryHeader header = PackEntryHeader.Whole(found.Type, content.Length);
        int used = header.Write(part);
        var entry = new IndexedEntry
        {
            Oid = oid,
            Offset = _packEnd,
            Size = (uint)content.Length,
            Base = -1,
            FirstChild = -1,
            NextSibling = -1,
            EntryType = header.Type,
            Type = found.Type,
            HeaderLength = (byte)used,
        };
        byte nothing;
        fixed (byte* start = content, room = part)
        {
            byte* from = start == null ? &nothing : start;
            byte* end = from + content.Length;
            bool complete = false;
            while (!complete)
            {
                byte* to = room + used;
                complete = deflater.Deflate(ref from, end, ref to, room + part.Length);
                used = (int)(to - room);
                entry.Crc = ZlibLibrary.Current.Crc32(entry.Crc, room, used);
                AppendBytes(part.AsSpan(0, used));
                used = 0;
            }
        }

        _ = Entries.Append(entry);
        if (_references is not null)
        {
            ObjectReferences.Read(found.Type, content, reference => _references.Add([new LoggedReference(reference.Oid, reference.Type)]));
        }
    }

    private unsafe void AppendBytes(ReadOnlySpan<byte> bytes)
    {
        if (_file is not null)
        {
            RandomAccess.Write(_file, bytes, _packEnd);
        }
        else
        {
            int end = checked((int)_packEnd);
            if (_received!.Length - end < bytes.Length)
            {
                byte[] larger = PinnedBuffers.Allocate(checked(end + Math.Max(end, bytes.Length)));
                _received.AsSpan(0, end).CopyTo(larger);
                PinnedBuffers.Return(_received);
                _received = larger;
                _bytes!.Move(PinnedBuffers.Address(larger));
            }

            bytes.CopyTo(_received.AsSpan(end));
        }

        _packEnd += bytes.Length;
    }

    /// <summary>
    /// A base from the store may turn out to be an object of the pack itself, itself a delta on another missing base.
    /// Its second copy goes; those behind it move up.
    /// </summary>
    private void DropRepeatedBases()
    {
        if (Entries.Count == _receivedCount)
        {
            return;
        }

        var appended = new HashSet<Oid>();
        for (int i = _receivedCount; i < Entries.Count; i++)
        {
            appended.Add(Entries[i].Oid);
        }

        for (int i = 0; i < _receivedCount; i++)
        {
            appended.Remove(Entries[i].Oid);
        }

        long end = _packEnd;
        int kept = _receivedCount;
        _packEnd = Entries[_receivedCount].Offset;
        for (int i = _receivedCount; i < Entries.Count; i++)
        {
            IndexedEntry entry = Entries[i];
            long next = i + 1 < Entries.Count ? Entries[i + 1].Offset : end;
            if (appended.Contains(entry.Oid))
            {
                MoveUp(entry.Offset, next);
                entry.Offset = _packEnd - (next - entry.Offset);
                Entries[kept++] = entry;
            }
        }

        Entries.Truncate(kept);
    }

    private void MoveUp(long from, long end)
    {
        if (from == _packEnd || _file is null)
        {
            _packEnd += end - from;
            return;
        }

        byte[] part = new byte[CopyBytes];
        while (from < end)
        {
            int count = RandomAccess.Read(_file, part.AsSpan(0, (int)Math.Min(part.Length, end - from)), from);
            RandomAccess.Write(_file, part.AsSpan(0, count), _packEnd);
            from += count;
            _packEnd += count;
        }
    }

    private void RewriteHeaderAndTrailer()
    {
        Span<byte> count = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(count, (uint)Entries.Count);
        RandomAccess.Write(_file!, count, 8);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA1);
        byte[] part = new byte[CopyBytes];
        for (long at = 0; at < _packEnd;)
        {
            int read = RandomAccess.Read(_file!, part.AsSpan(0, (int)Math.Min(part.Length, _packEnd - at)), at);
            if (read == 0)
            {
                throw new EndOfStreamException("The pack file became shorter while it was indexed.");
            }

            hash.AppendData(part, 0, read);
            at += read;
        }

        byte[] trailer = hash.GetHashAndReset();
        RandomAccess.Write(_file!, trailer, _packEnd);
        RandomAccess.SetLength(_file!, _packEnd + trailer.Length);
        _checksum = Oid.FromBytes(trailer);
    }
}
