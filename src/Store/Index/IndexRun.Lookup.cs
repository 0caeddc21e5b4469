using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;
using Actors.Git.Objects;

namespace Actors.Store.Index;

internal sealed unsafe partial class IndexRun
{
    /// <summary>Look-ups in flight: so many cache misses overlap.</summary>
    private const int BatchLength = 64;

    /// <summary>Longer buckets, which only chosen oids make, are halved before they are walked.</summary>
    private const int WalkMax = 32;

    /// <summary>
    /// Looks up those oids whose place in <paramref name="packs"/> is negative, and sets it where the oid is here.
    /// In steps over a whole batch, each step fetching what the next one reads: filter block, fan-out, record.
    /// </summary>
    /// <param name="oids">What to look for, in any order.</param>
    /// <param name="packs">As long as <paramref name="oids"/>.</param>
    /// <param name="packOfPlace">What to set for each place in <see cref="PackNumbers"/>.</param>
    public void Locate(ReadOnlySpan<Oid> oids, Span<int> packs, ReadOnlySpan<int> packOfPlace)
    {
        Pending* pending = stackalloc Pending[BatchLength];
        fixed (Oid* first = oids)
        {
            int next = 0;
            while (next < oids.Length)
            {
                int count = 0;
                for (; next < oids.Length && count < BatchLength; next++)
                {
                    if (packs[next] < 0)
                    {
                        ulong prefix = PrefixAt((byte*)(first + next));
                        byte* block = _filter + (FilterBlock.IndexOf(prefix, (ulong)_header.FilterBlocks) * FilterBlock.Bytes);
                        Prefetch(block);
                        pending[count++] = new Pending { Prefix = prefix, Pointer = block, Place = next };
                    }
                }

                count = PassFilter(pending, count, first);
                count = PassFanOut(pending, count);
                for (int i = 0; i < count; i++)
                {
                    ref Pending one = ref pending[i];
                    byte* record = Find(one, (byte*)(first + one.Place));
                    if (record != null && PackPlaceOf(record) is int place && (uint)place < (uint)packOfPlace.Length)
                    {
                        packs[one.Place] = packOfPlace[place];
                    }
                }
            }
        }
    }

    private int PassFilter(Pending* pending, int count, Oid* first)
    {
        int passed = 0;
        int shift = 64 - _header.FanOutBits;
        for (int i = 0; i < count; i++)
        {
            Pending one = pending[i];
            uint hash = *(uint*)((byte*)(first + one.Place) + sizeof(ulong));
            if (FilterBlock.MayContain(one.Pointer, hash))
            {
                one.Pointer = (byte*)(_fanOut + (one.Prefix >> shift));
                Prefetch(one.Pointer);
                pending[passed++] = one;
            }
        }

        return passed;
    }

    private int PassFanOut(Pending* pending, int count)
    {
        int passed = 0;
        for (int i = 0; i < count; i++)
        {
            Pending one = pending[i];
            one.Low = ((uint*)one.Pointer)[0];
            one.High = ((uint*)one.Pointer)[1];

            // A damaged fan-out leads nowhere, rather than outside the mapping.
            if (one.Low < one.High && one.High <= _header.Count)
            {
                // Oids are evenly spread: the bits below the bucket's say where in the bucket.
                one.Guess = one.Low + (uint)Math.BigMul(one.Prefix << _header.FanOutBits, one.High - one.Low, out _);
                one.Pointer = _records + ((long)one.Guess * _header.Stride);
                Prefetch(one.Pointer);
                pending[passed++] = one;
            }
        }

        return passed;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private byte* Find(in Pending one, byte* oid)
    {
        int stride = _header.Stride;
        byte* low = _records + ((long)one.Low * stride);
        byte* high = _records + ((long)one.High * stride);
        byte* at = one.High - one.Low > WalkMax ? Halve(one) : one.Pointer;
        ulong found = PrefixAt(at);
        while (found >= one.Prefix && at > low)
        {
            if (found == one.Prefix && Same(at, oid))
            {
                return at;
            }

            at -= stride;
            found = PrefixAt(at);
        }

        // Now at the bucket's first record, or at one before the oid's place.
        while (found <= one.Prefix)
        {
            if (found == one.Prefix && Same(at, oid))
            {
                return at;
            }

            at += stride;
            if (at >= high)
            {
                return null;
            }

            found = PrefixAt(at);
        }

        return null;
    }

    /// <summary>The first record of the bucket whose prefix is not below, or the bucket's last.</summary>
    private byte* Halve(in Pending one)
    {
        long low = one.Low;
        long high = (long)one.High - 1;
        while (low < high)
        {
            long middle = (low + high) >> 1;
            if (PrefixAt(_records + (middle * _header.Stride)) < one.Prefix)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return _records + (low * _header.Stride);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool Same(byte* left, byte* right) =>
        *(ulong*)(left + 8) == *(ulong*)(right + 8) && *(uint*)(left + 16) == *(uint*)(right + 16);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong PrefixAt(byte* oid) => BinaryPrimitives.ReverseEndianness(*(ulong*)oid);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Prefetch(byte* address)
    {
        if (Sse.IsSupported)
        {
            Sse.Prefetch0(address);
        }
    }

    /// <summary>A look-up on its way.</summary>
    private struct Pending
    {
        public ulong Prefix;
        public byte* Pointer;
        public int Place;
        public uint Low;
        public uint High;
        public uint Guess;
    }
}
