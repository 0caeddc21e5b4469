using System.Runtime.InteropServices;
using Actors.Git.Objects;
using Actors.Git.Packs.Compression;

namespace Actors.Git.Packs.Indexing;

/// <summary>How contents come about: inflated from the pack, made by a delta, or made again.</summary>
internal sealed unsafe partial class DeltaWalk
{
    private bool WantsStarts(ObjectType type) => _log is not null && type == ObjectType.Tree;

    /// <summary>Inflates a whole object again: few of them are bases, so none is kept from the scan.</summary>
    private ObjectBuffer InflateWhole(in IndexedEntry entry)
    {
        ObjectBuffer buffer = _buffers.Take(entry.Size, WantsStarts(entry.Type));
        try
        {
            Inflate(entry, buffer.Content);
            if (buffer.Starts != null)
            {
                TreeReferences.MarkStarts(buffer);
            }

            return buffer;
        }
        catch
        {
            _buffers.Release(ref buffer);
            throw;
        }
    }

    private void Inflate(in IndexedEntry entry, byte* to)
    {
        byte* from = _resolver.Bytes.All + entry.Offset + entry.HeaderLength;
        if (_inflater.InflateWhole(from, _resolver.Bytes.All + _resolver.BytesEnd, to, entry.Size, out _) != InflateStatus.End)
        {
            throw new GitFormatException(GitFormatError.Compression, "An entry's zlib stream has changed since it was scanned", entry.Offset);
        }
    }

    private byte* ReadDelta(in IndexedEntry entry)
    {
        if (entry.Type == ObjectType.None && entry.KeptDelta != null)
        {
            return entry.KeptDelta;
        }

        long needed = (long)entry.Size + Inflater.Slack;
        if (needed > _roomLength)
        {
            NativeMemory.Free(_room);
            _roomLength = 0;
            _room = (byte*)NativeMemory.Alloc((nuint)(needed + (needed / 2)));
            _roomLength = needed + (needed / 2);
        }

        Inflate(entry, _room);
        return _room;
    }

    /// <summary>Makes the object of a delta.</summary>
    /// <param name="entry">The delta's entry.</param>
    /// <param name="type">Type of the base, and so of the object.</param>
    /// <param name="source">Content of the base.</param>
    /// <param name="changedOnly">Whether the copies were listed for <see cref="TreeReferences.AddChanged"/>.</param>
    private ObjectBuffer Apply(in IndexedEntry entry, ObjectType type, in ObjectBuffer source, out bool changedOnly)
    {
        byte* delta = ReadDelta(entry);
        byte* end = delta + entry.Size;
        int used;
        long baseSize, resultSize;
        try
        {
            used = DeltaApplier.ReadSizes(new ReadOnlySpan<byte>(delta, (int)Math.Min(entry.Size, 32)), out baseSize, out resultSize);
        }
        catch (GitFormatException bad)
        {
            throw new GitFormatException(bad.Kind, bad.Message, entry.Offset, bad);
        }

        if (baseSize != source.Size)
        {
            throw new GitFormatException(GitFormatError.Delta, $"A delta is made for a base of {baseSize} bytes, not {source.Size}", entry.Offset);
        }

        _resolver.Costs.CheckSize(resultSize, entry.Offset);
        _resolver.Costs.AddResolved(resultSize, _resolver.ReceivedBytes, entry.Offset);
        bool wantsStarts = WantsStarts(type);
        changedOnly = wantsStarts && source.Starts != null;
        ObjectBuffer buffer = _buffers.Take(resultSize, wantsStarts);
        bool applied = DeltaApplier.TryApply(source.Content, source.Size, delta + used, end, buffer.Content, resultSize);
        if (!applied)
        {
            _buffers.Release(ref buffer);
            throw new GitFormatException(GitFormatError.Delta, "A delta reads or writes outside its base or result", entry.Offset);
        }

        if (changedOnly)
        {
            ListCopies(delta + used, end);
        }

        return buffer;
    }

    /// <summary>Lists the copies of a delta that was applied: it is known to be well-formed.</summary>
    private void ListCopies(byte* delta, byte* end)
    {
        _copies!.Clear();
        long to = 0;
        while (delta < end)
        {
            uint instruction = *delta++;
            if ((instruction & 0x80) == 0)
            {
                delta += instruction;
                to += instruction;
                continue;
            }

            _ = DeltaApplier.TryReadCopy(instruction, ref delta, end, out uint offset, out uint size);
            _copies.Add(new DeltaCopy(to, offset, size));
            to += size;
        }
    }

    /// <summary>Makes an object again whose buffer was dropped: down its bases to one still held or whole, and up again.</summary>
    private ObjectBuffer Remake(int index)
    {
        var chain = new Stack<int>();
        while (_resolver.Entries[index].IsDelta)
        {
            chain.Push(index);
            index = _resolver.Entries[index].Base;
        }

        ObjectType type = _resolver.Entries[index].Type;
        ObjectBuffer buffer = InflateWhole(_resolver.Entries[index]);
        try
        {
            while (chain.TryPop(out int next))
            {
                ObjectBuffer made = Apply(_resolver.Entries[next], type, buffer, out _);
                _buffers.Release(ref buffer);
                buffer = made;
            }
        }
        catch
        {
            _buffers.Release(ref buffer);
            throw;
        }

        if (buffer.Starts != null)
        {
            TreeReferences.MarkStarts(buffer);
        }

        return buffer;
    }
}
