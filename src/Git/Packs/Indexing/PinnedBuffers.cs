using System.Collections.Concurrent;
using System.Runtime.InteropServices;

namespace Actors.Git.Packs.Indexing;

/// <summary>Receive buffers that never move, so that native code may read them; reused, for each is a large allocation.</summary>
internal static unsafe class PinnedBuffers
{
    /// <summary>A pack that fits in one is indexed from memory. Also what is hashed and written at once.</summary>
    public const int Length = 1 << 20;

    /// <summary>More packs than this coming in at once allocate.</summary>
    private const int PooledMax = 16;

    private static readonly ConcurrentQueue<byte[]> Pool = new();

    public static byte[] Rent() => Pool.TryDequeue(out byte[]? buffer) ? buffer : Allocate(Length);

    public static void Return(byte[] buffer)
    {
        if (buffer.Length == Length && Pool.Count < PooledMax)
        {
            Pool.Enqueue(buffer);
        }
    }

    /// <summary>One of another length, never pooled.</summary>
    public static byte[] Allocate(int length) => GC.AllocateUninitializedArray<byte>(length, pinned: true);

    /// <summary>Where a pinned array's bytes are.</summary>
    public static byte* Address(byte[] pinned) => (byte*)Marshal.UnsafeAddrOfPinnedArrayElement(pinned, 0);
}
