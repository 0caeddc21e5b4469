using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Actors.Git.Objects;

namespace Actors.Git.Packs.Indexing;

/// <summary>
/// The distinct references of a whole pack: a hash set that goes to a file without a name when it outgrows its budget. At
/// the end, what the pack itself has is left out.
/// </summary>
internal sealed unsafe class ReferenceCollector : IDisposable
{
    private const int SlotsMin = 1 << 12;

    private static readonly ulong[] Secret = MakeSecret();

    private readonly Lock _gate = new();
    private readonly long _bytesMax;
    private readonly string? _folder;
    private readonly long _outgoingMax;
    private LoggedReference* _slots;
    private int _slotCount;
    private int _used;
    private FileStream? _spilled;

    /// <param name="bytesMax">Budget of the set.</param>
    /// <param name="folder">For what outgrows it; null: it grows in memory.</param>
    /// <param name="outgoingMax">More outgoing references are over the limit.</param>
    public ReferenceCollector(long bytesMax, string? folder, long outgoingMax) => (_bytesMax, _folder, _outgoingMax) = (bytesMax, folder, outgoingMax);

    ~ReferenceCollector() => Free();

    /// <summary>Adds what a thread has logged. Safe for threads.</summary>
    public void Add(ReadOnlySpan<LoggedReference> references)
    {
        lock (_gate)
        {
            foreach (ref readonly LoggedReference reference in references)
            {
                if (_used >= _slotCount - (_slotCount >> 2))
                {
                    Grow();
                }

                Insert(reference);
            }
        }
    }

    /// <summary>What is referred to and not among the pack's objects, each oid once, in order.</summary>
    /// <param name="sorted">The pack's objects, by oid.</param>
    public ObjectReference[] Outgoing(ReadOnlySpan<PackIndexEntry> sorted)
    {
        var found = new List<ObjectReference>();
        var pack = new OidBuckets(sorted);
        AddOutgoing(new ReadOnlySpan<LoggedReference>(_slots, _slotCount), sorted, pack, found);
        if (_spilled is not null)
        {
            _spilled.Position = 0;
            var part = new LoggedReference[SlotsMin];
            int read;
            while ((read = _spilled.ReadAtLeast(MemoryMarshal.AsBytes(part.AsSpan()), part.Length * sizeof(LoggedReference), throwOnEndOfStream: false)) > 0)
            {
                AddOutgoing(part.AsSpan(0, read / sizeof(LoggedReference)), sorted, pack, found);
            }
        }

        return [.. Distinct(found)];
    }

    public void Dispose()
    {
        Free();
        _spilled?.Dispose();
        GC.SuppressFinalize(this);
    }

    private static List<ObjectReference> Distinct(List<ObjectReference> found)
    {
        found.Sort(static (left, right) => left.Oid.CompareTo(right.Oid) is var order and not 0 ? order : left.Type.CompareTo(right.Type));
        int kept = 0;
        for (int i = 0; i < found.Count; i++)
        {
            if (kept == 0 || found[kept - 1].Oid != found[i].Oid)
            {
                found[kept++] = found[i];
            }
        }

        found.RemoveRange(kept, found.Count - kept);
        return found;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void AddOutgoing(ReadOnlySpan<LoggedReference> slots, ReadOnlySpan<PackIndexEntry> sorted, OidBuckets pack, List<ObjectReference> found)
    {
        foreach (ref readonly LoggedReference slot in slots)
        {
            if (slot.Type == ObjectType.None || pack.Contains(sorted, slot.Oid))
            {
                continue;
            }

            found.Add(new ObjectReference(slot.Oid, slot.Type));
            if (found.Count > _outgoingMax)
            {
                Distinct(found);
                if (found.Count > _outgoingMax)
                {
                    throw new GitFormatException(GitFormatError.OverLimit, $"A pack refers to more than {_outgoingMax} objects outside itself");
                }
            }
        }
    }

    /// <summary>Whoever wrote the pack chose the ids; without the secret, not where they fall.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Mix(Oid oid)
    {
        byte* bytes = (byte*)&oid;
        return ((*(ulong*)bytes ^ Secret[0]) * Secret[1]) + ((*(ulong*)(bytes + 8) ^ Secret[2]) * Secret[3]) + (*(uint*)(bytes + 16) * Secret[4]);
    }

    private static ulong[] MakeSecret()
    {
        var secret = new ulong[5];
        System.Security.Cryptography.RandomNumberGenerator.Fill(MemoryMarshal.AsBytes(secret.AsSpan()));
        for (int i = 0; i < secret.Length; i++)
        {
            secret[i] |= 1;
        }

        return secret;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Insert(in LoggedReference reference)
    {
        uint mask = (uint)_slotCount - 1;
        uint at = (uint)(Mix(reference.Oid) >> 32) & mask;
        while (_slots[at].Type != ObjectType.None)
        {
            if (_slots[at] == reference)
            {
                return;
            }

            at = (at + 1) & mask;
        }

        _slots[at] = reference;
        _used++;
    }

    private void Grow()
    {
        long wanted = Math.Max(SlotsMin, _slotCount * 2L);
        LoggedReference* before = _slots;
        int beforeCount = _slotCount;
        if (before != null && _folder is not null && wanted * sizeof(LoggedReference) > _bytesMax)
        {
            Spill();
            return;
        }

        _slots = (LoggedReference*)NativeMemory.AllocZeroed((nuint)wanted, (nuint)sizeof(LoggedReference));
        _slotCount = checked((int)wanted);
        _used = 0;
        for (int i = 0; i < beforeCount; i++)
        {
            if (before[i].Type != ObjectType.None)
            {
                Insert(before[i]);
            }
        }

        NativeMemory.Free(before);
    }

    private void Spill()
    {
        if (_spilled is null)
        {
            string path = Path.Combine(_folder!, Path.GetRandomFileName() + ".tmp");
            _spilled = new FileStream(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.Delete);
            File.Delete(path);
        }

        for (int i = 0; i < _slotCount; i++)
        {
            if (_slots[i].Type != ObjectType.None)
            {
                _spilled.Write(new ReadOnlySpan<byte>(&_slots[i], sizeof(LoggedReference)));
            }
        }

        NativeMemory.Clear(_slots, (nuint)_slotCount * (nuint)sizeof(LoggedReference));
        _used = 0;
    }

    private void Free()
    {
        NativeMemory.Free(_slots);
        _slots = null;
        _slotCount = 0;
    }
}
