using Actors.Git.Remotes;

namespace Actors.Store.Campaigns.Submissions;

/// <summary>
/// Cuts a stream of lines into chunks of one host each, in bounded memory. A host's lines become a chunk when they are as many as a
/// chunk may have now. When memory is full, the hosts with the most lines in hand give theirs up until half is free. What is small
/// then shares chunks: a list of hosts with one repository each must not become a row for each line.
/// </summary>
internal sealed class ListSplitter(SubmissionOptions options)
{
    /// <summary>What a host in hand costs beside its lines: its entry, its name, its objects.</summary>
    public const int BytesPerHost = 256;

    private readonly Dictionary<ForgeHost, HostLines> _hosts = [];
    private readonly PackedText _shared = new();
    private int _sharedCount;
    private long _memory;

    /// <summary>Chunks that are ready to be written; the caller takes them out.</summary>
    public List<ChunkDraft> Ready { get; } = [];

    /// <summary>Bytes of <see cref="Ready"/>.</summary>
    public long ReadyBytes { get; private set; }

    /// <summary>Lines so far.</summary>
    public long Count { get; private set; }

    private int ChunkLimit => (int)Math.Clamp(Count / Math.Max(1, options.ChunksWanted), options.ChunkMin, options.ChunkMax);

    public void Add(long number, RepositoryUrl url)
    {
        Count++;
        ForgeHost host = url.Host;
        if (!_hosts.TryGetValue(host, out HostLines? lines))
        {
            _hosts.Add(host, lines = new HostLines());
            _memory += lines.MemoryBytes;
        }

        int before = lines.MemoryBytes;
        ChunkLines.Write(lines.Text, number, url);
        lines.Count++;
        _memory += lines.MemoryBytes - before;
        if (lines.Count >= ChunkLimit || lines.Text.Length >= Limits.ChunkTextBytesMax)
        {
            Give(host, lines);
        }
        else if (_memory > options.MemoryMax)
        {
            Spill(options.MemoryMax / 2);
        }
    }

    /// <summary>Makes chunks of all that is in hand.</summary>
    public void End() => Spill(0);

    public void TakenOut()
    {
        Ready.Clear();
        ReadyBytes = 0;
    }

    private void Spill(long memoryMax)
    {
        foreach ((ForgeHost host, HostLines lines) in _hosts.OrderByDescending(h => h.Value.Count).ToList())
        {
            if (_memory <= memoryMax)
            {
                break;
            }

            if (lines.Count >= options.HostMin)
            {
                Give(host, lines);
            }
            else
            {
                Share(host, lines);
            }
        }

        GiveShared();
    }

    private void Give(ForgeHost host, HostLines lines)
    {
        Remove(host, lines);
        Add(new ChunkDraft(host, lines.Count, lines.Text.Pack()));
    }

    private void Share(ForgeHost host, HostLines lines)
    {
        Remove(host, lines);
        if (_sharedCount + lines.Count > ChunkLimit || _shared.Length >= Limits.ChunkTextBytesMax)
        {
            GiveShared();
        }

        _shared.Append(lines.Text);
        _sharedCount += lines.Count;
    }

    private void GiveShared()
    {
        if (_sharedCount > 0)
        {
            Add(new ChunkDraft(null, _sharedCount, _shared.Pack()));
            _shared.Clear();
            _sharedCount = 0;
        }
    }

    private void Remove(ForgeHost host, HostLines lines)
    {
        _memory -= lines.MemoryBytes;
        _ = _hosts.Remove(host);
    }

    private void Add(ChunkDraft chunk)
    {
        Ready.Add(chunk);
        ReadyBytes += chunk.Lines.Length;
    }
}
