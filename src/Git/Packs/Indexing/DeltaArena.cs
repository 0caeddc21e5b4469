using System.Runtime.InteropServices;
using Actors.Git.Packs.Compression;

namespace Actors.Git.Packs.Indexing;

/// <summary>
/// Keeps inflated deltas from the scan for the resolving, up to a budget; what does not fit is inflated again later.
/// Given back all at once. One <see cref="Cursor"/> a scanning thread.
/// </summary>
internal sealed unsafe class DeltaArena : IDisposable
{
    private const int BlockBytes = 256 << 10;

    private readonly List<nint> _blocks = [];
    private readonly long _bytesMax;

    public DeltaArena(long bytesMax) => _bytesMax = bytesMax;

    ~DeltaArena() => Free();

    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    private byte* NewBlock()
    {
        lock (_blocks)
        {
            if ((_blocks.Count + 1L) * BlockBytes > _bytesMax)
            {
                return null;
            }

            var block = (byte*)NativeMemory.Alloc(BlockBytes);
            _blocks.Add((nint)block);
            return block;
        }
    }

    private void Free()
    {
        foreach (nint block in _blocks)
        {
            NativeMemory.Free((void*)block);
        }

        _blocks.Clear();
    }

    /// <summary>One thread's place in the arena.</summary>
    public sealed class Cursor(DeltaArena arena)
    {
        private byte* _next;
        private long _left;
        private bool _full;

        /// <summary>Room for a delta and the inflater's slack, or null. Taken only by <see cref="Keep"/>.</summary>
        public byte* Room(long size)
        {
            long needed = size + Inflater.Slack;
            if (needed <= _left)
            {
                return _next;
            }

            if (_full || needed > BlockBytes)
            {
                return null;
            }

            _next = arena.NewBlock();
            _full = _next == null;
            _left = _full ? 0 : BlockBytes;
            return _next;
        }

        /// <summary>Keeps what was put into the last room.</summary>
        public void Keep(long size)
        {
            _next += size;
            _left -= size;
        }
    }
}
