using System.Numerics;
using System.Runtime.InteropServices;
using Actors.Git.Objects;
using Actors.Git.Packs.Compression;

namespace Actors.Git.Packs.Indexing;

/// <summary>
/// Gives and takes back object buffers for one thread. Free blocks are kept in lists by size class (four to a power of
/// two), so that resolving deltas neither allocates nor faults pages in. Very large objects go to temporary files.
/// </summary>
internal sealed unsafe class ObjectBuffers : IDisposable
{
    private const int SmallestLog = 10;
    private const int LargestLog = 22;
    private const int ClassCount = ((LargestLog - SmallestLog) * 4) + 1;

    /// <summary>Free blocks kept, in bytes; more goes back to the allocator.</summary>
    private const long KeptBytesMax = 16L << 20;

    /// <summary>A single object above this lives in a file.</summary>
    private const long AnonymousBytesMax = 24L << 20;

    private readonly void*[] _free = new void*[ClassCount];
    private readonly string? _folder;
    private long _keptBytes;

    /// <param name="folder">For the files of very large objects; null: they stay in memory.</param>
    public ObjectBuffers(string? folder) => _folder = folder;

    ~ObjectBuffers() => Free();

    /// <summary>Anonymous bytes given and not taken back.</summary>
    public long LiveBytes { get; private set; }

    /// <summary>A buffer for an object, with starts of tree entries cleared when they are wanted.</summary>
    public ObjectBuffer Take(long size, bool starts)
    {
        long startsOffset = (ObjectHash.HeaderLengthMax + size + Inflater.Slack + 7) & ~7L;
        long startsSize = starts ? TreeStarts.BytesFor(size) : 0;
        ObjectBuffer buffer = TakeBlock(startsOffset + startsSize);
        buffer.Content = buffer.Block + ObjectHash.HeaderLengthMax;
        buffer.Size = size;
        if (starts)
        {
            buffer.Starts = (ulong*)(buffer.Block + startsOffset);
            NativeMemory.Clear(buffer.Starts, (nuint)startsSize);
        }

        return buffer;
    }

    /// <summary>Takes a buffer back, from whichever thread's <see cref="Take"/>.</summary>
    public void Release(ref ObjectBuffer buffer)
    {
        if (buffer.Mapping is not null)
        {
            buffer.Mapping.Dispose();
        }
        else if (buffer.Block != null)
        {
            LiveBytes -= buffer.BlockSize;
            int sizeClass = ClassOf(buffer.BlockSize);
            if (sizeClass >= ClassCount || _keptBytes + buffer.BlockSize > KeptBytesMax)
            {
                NativeMemory.Free(buffer.Block);
            }
            else
            {
                *(void**)buffer.Block = _free[sizeClass];
                _free[sizeClass] = buffer.Block;
                _keptBytes += buffer.BlockSize;
            }
        }

        buffer = default;
    }

    /// <summary>Hands the count of live bytes on with a buffer that another thread will release.</summary>
    public void Disown(in ObjectBuffer buffer) => LiveBytes -= buffer.Mapping is null ? buffer.BlockSize : 0;

    /// <summary>The other half of <see cref="Disown"/>.</summary>
    public void Adopt(in ObjectBuffer buffer) => LiveBytes += buffer.Mapping is null ? buffer.BlockSize : 0;

    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    private static int ClassOf(long size)
    {
        if (size <= 1 << SmallestLog)
        {
            return 0;
        }

        int log = BitOperations.Log2((ulong)(size - 1));
        return ((log - SmallestLog) * 4) + (int)((size - 1) >> (log - 2)) - 3;
    }

    private static long SizeOf(int sizeClass)
    {
        int log = SmallestLog + (sizeClass >> 2);
        return (4L + (sizeClass & 3)) << (log - 2);
    }

    private ObjectBuffer TakeBlock(long size)
    {
        if (size > AnonymousBytesMax && _folder is not null)
        {
            var mapping = new TemporaryMapping(_folder, size);
            return new ObjectBuffer { Block = mapping.Start, BlockSize = size, Mapping = mapping };
        }

        int sizeClass = ClassOf(size);
        if (sizeClass >= ClassCount)
        {
            LiveBytes += size;
            return new ObjectBuffer { Block = (byte*)NativeMemory.Alloc((nuint)size), BlockSize = size };
        }

        long rounded = SizeOf(sizeClass);
        void* block = _free[sizeClass];
        if (block != null)
        {
            _free[sizeClass] = *(void**)block;
            _keptBytes -= rounded;
        }
        else
        {
            block = NativeMemory.Alloc((nuint)rounded);
        }

        LiveBytes += rounded;
        return new ObjectBuffer { Block = (byte*)block, BlockSize = rounded };
    }

    private void Free()
    {
        for (int i = 0; i < ClassCount; i++)
        {
            while (_free[i] != null)
            {
                void* next = *(void**)_free[i];
                NativeMemory.Free(_free[i]);
                _free[i] = next;
            }
        }
    }
}
