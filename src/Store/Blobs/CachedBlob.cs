using System.Collections;

namespace Actors.Store.Blobs;

/// <summary>One blob's local file and which of its blocks are there. Guarded by its own lock; rents and place in line by the cache's.</summary>
internal sealed class CachedBlob
{
    private readonly Lock _gate = new();
    private readonly BitArray _present;
    private readonly Dictionary<int, Task> _coming = [];
    private int _missing;
    private int _next;
    private int _ahead;

    public CachedBlob(BlobKey key, long length, string path, int blockBytes, bool whole)
    {
        (Key, Length, Path) = (key, length, path);
        BlockBytes = length <= 2L * blockBytes ? Math.Max(length, 1) : blockBytes;
        _present = new BitArray(checked((int)((length + BlockBytes - 1) / BlockBytes)), whole);
        _missing = whole ? 0 : _present.Length;
    }

    public BlobKey Key { get; }

    public long Length { get; }

    public string Path { get; }

    public long BlockBytes { get; }

    /// <summary>Whether all its blocks are there: they stay until it is evicted.</summary>
    public bool IsWhole => Volatile.Read(ref _missing) == 0;

    /// <summary>Leases and requests under way. Guarded by the cache.</summary>
    public int Rents { get; set; }

    /// <summary>Its place among what may be evicted. Guarded by the cache.</summary>
    public LinkedListNode<CachedBlob>? Idle { get; set; }

    /// <summary>Bytes of it that are on the disk.</summary>
    public long PresentBytes { get; set; }

    /// <summary>
    /// What has to be awaited for a range to be there. Missing blocks are handed to <paramref name="fetch"/> in runs; a block that is
    /// coming already is not asked for again. Whoever reads forwards gets the following blocks with the same request.
    /// </summary>
    /// <param name="offset">Start of the range.</param>
    /// <param name="length">Its bytes.</param>
    /// <param name="blocksMax">Blocks in one request.</param>
    /// <param name="fetch">Begins to fetch blocks first to end - 1.</param>
    public List<Task> Need(long offset, long length, int blocksMax, Func<int, int, Task> fetch)
    {
        var needed = new HashSet<Task>();
        if (length == 0)
        {
            return [];
        }

        int first = (int)(offset / BlockBytes);
        int end = (int)((offset + length - 1) / BlockBytes) + 1;
        lock (_gate)
        {
            int asked = EndWithReadAhead(first, end, blocksMax);
            for (int block = first; block < asked;)
            {
                if (_present[block] || _coming.ContainsKey(block))
                {
                    if (block < end && _coming.TryGetValue(block, out Task? coming))
                    {
                        _ = needed.Add(coming);
                    }

                    block++;
                    continue;
                }

                int stop = block;
                while (stop < asked && stop - block < blocksMax && !_present[stop] && !_coming.ContainsKey(stop))
                {
                    stop++;
                }

                Task request = fetch(block, stop);
                for (int i = block; i < stop; i++)
                {
                    _coming[i] = request;
                }

                if (block < end)
                {
                    _ = needed.Add(request);
                }

                block = stop;
            }
        }

        return [.. needed];
    }

    /// <summary>Blocks have come, or not: then the next who needs them asks again.</summary>
    public void End(int first, int stop, bool arrived)
    {
        lock (_gate)
        {
            for (int block = first; block < stop; block++)
            {
                _ = _coming.Remove(block);
                if (arrived && !_present[block])
                {
                    _present[block] = true;
                    Volatile.Write(ref _missing, _missing - 1);
                }
            }
        }
    }

    /// <summary>Requests under way.</summary>
    public Task[] Coming()
    {
        lock (_gate)
        {
            return [.. _coming.Values.Distinct()];
        }
    }

    private int EndWithReadAhead(int first, int end, int blocksMax)
    {
        // Asking for the last block again is reading forwards too: entries are smaller than blocks.
        bool forwards = first > 0 && (first == _next || first == _next - 1);
        if (first >= _next || first < _next - 1)
        {
            _ahead = forwards ? Math.Clamp(_ahead * 2, 1, blocksMax - 1) : 0;
        }

        _next = end;
        bool missing = false;
        for (int block = first; block < end && !missing; block++)
        {
            missing = !_present[block] && !_coming.ContainsKey(block);
        }

        return missing ? Math.Min(_present.Length, end + _ahead) : end;
    }
}
