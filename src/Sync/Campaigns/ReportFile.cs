using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Text.Json;
using Actors.Git.Remotes;
using Actors.Store.Index;
using Actors.Sync.Repositories;
using Microsoft.Win32.SafeHandles;

namespace Actors.Sync.Campaigns;

/// <summary>
/// A campaign's report on disk: lines of JSON (<see cref="ReportLineJson"/>) with numbers from 1, in files named by their first
/// number. Written in batches: 1. <see cref="Prepare"/> makes a batch durable, before its visits are. 2. The visits are recorded.
/// 3. <see cref="Commit"/> shows it. The last line of a batch has the sums to there. After a crash between 1 and 3 the last batch
/// is kept or dropped as the head store says. One writer; readers at any time.
/// </summary>
internal sealed class ReportFile : IDisposable
{
    private const string Extension = ".jsonl";
    private readonly string _folder;
    private readonly List<long> _segments = [];
    private readonly ArrayBufferWriter<byte> _buffer = new();
    private SafeFileHandle? _tail;
    private long _tailBytes;
    private long _preparedBytes;
    private long _prepared;
    private CampaignTotals? _preparedTotals;
    private long _last;

    private ReportFile(string folder) => _folder = folder;

    /// <summary>Number of the last line that is shown.</summary>
    public long Last => Volatile.Read(ref _last);

    /// <summary>The sums to there.</summary>
    public CampaignTotals Totals { get; private set; } = new();

    /// <summary>After opening: syncs of the last batch, which may not have been recorded.</summary>
    public IReadOnlyList<RepositoryUrl> LastBatch { get; private set; } = [];

    /// <summary>Opens to go on; makes the folder where there is none. A torn batch at the end is cut off.</summary>
    public static ReportFile Open(string folder)
    {
        Directory.CreateDirectory(folder);
        ReportFile file = new(folder);
        file._segments.AddRange(ListSegments(folder));
        file.FindEnd();
        return file;
    }

    /// <summary>Drops the last batch: what it tells was not recorded.</summary>
    public void DropLastBatch(long first)
    {
        string path = PathOf(_segments[^1]);
        long length = 0;
        foreach (ReadOnlyMemory<byte> line in ReadLines(path))
        {
            if (NumberOf(line.Span) >= first)
            {
                break;
            }

            length += line.Length + 1;
        }

        Cut(length);
        FindEnd();
        LastBatch = [];
    }

    /// <summary>Number of the first line of the last batch.</summary>
    public long LastBatchFirst { get; private set; }

    /// <summary>Makes a batch durable, not shown yet.</summary>
    public void Prepare(IReadOnlyList<SyncReport> reports, IReadOnlyList<RejectedLine> rejected)
    {
        int count = reports.Count + rejected.Count;
        _preparedTotals = Totals.With(reports, rejected);
        _buffer.ResetWrittenCount();
        using Utf8JsonWriter json = new(_buffer, SyncReportJson.WriterOptions);
        for (int place = 0; place < count; place++)
        {
            ReportLine line = place < rejected.Count
                ? new ReportLine { Number = _last + 1 + place, Rejected = rejected[place] }
                : new ReportLine { Number = _last + 1 + place, Sync = reports[place - rejected.Count] };
            json.WriteStartObject();
            ReportLineJson.WriteFields(json, line);
            if (place == count - 1)
            {
                json.WriteNumber("batch"u8, _last + 1);
                CampaignTotalsJson.WriteField(json, _preparedTotals);
            }

            json.WriteEndObject();
            json.Flush();
            json.Reset();
            _buffer.Write("\n"u8);
        }

        OpenTail();
        RandomAccess.Write(_tail!, _buffer.WrittenSpan, _tailBytes);
        RandomAccess.FlushToDisk(_tail!);
        (_prepared, _preparedBytes) = (_last + count, _tailBytes + _buffer.WrittenCount);
        if (_buffer.Capacity > Limits.ReportBufferBytesMax)
        {
            _buffer.Clear();
        }
    }

    /// <summary>Shows the prepared batch.</summary>
    public void Commit()
    {
        (Totals, _tailBytes) = (_preparedTotals!, _preparedBytes);
        Volatile.Write(ref _last, _prepared);
    }

    /// <summary>Lines of a report after one, to the last that is shown.</summary>
    public static IEnumerable<ReportLine> Read(string folder, long after, long last)
    {
        if (!Directory.Exists(folder))
        {
            yield break;
        }

        long[] segments = [.. ListSegments(folder)];
        for (int place = 0; place < segments.Length && segments[place] <= last; place++)
        {
            if (place + 1 < segments.Length && segments[place + 1] <= after + 1)
            {
                continue;
            }

            foreach (ReadOnlyMemory<byte> line in ReadLines(Path.Combine(folder, NameOf(segments[place]))))
            {
                long number = NumberOf(line.Span);
                if (number > last)
                {
                    yield break;
                }

                if (number > after)
                {
                    yield return ReportLineJson.Parse(line.Span);
                }
            }
        }
    }

    public void Dispose() => _tail?.Dispose();

    /// <summary>Whole lines without their line feeds; valid until the next one.</summary>
    private static IEnumerable<ReadOnlyMemory<byte>> ReadLines(string path)
    {
        using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 1);
        byte[] buffer = new byte[1 << 16];
        int length = 0;
        int read;
        while ((read = file.Read(buffer, length, buffer.Length - length)) > 0)
        {
            length += read;
            int start = 0;
            int feed;
            while ((feed = buffer.AsSpan(start, length - start).IndexOf((byte)'\n')) >= 0)
            {
                yield return buffer.AsMemory(start, feed);
                start += feed + 1;
            }

            buffer.AsSpan(start, length - start).CopyTo(buffer);
            length -= start;
            if (length == buffer.Length)
            {
                Array.Resize(ref buffer, buffer.Length * 2);
            }
        }
    }

    private static IEnumerable<long> ListSegments(string folder) =>
        from path in Directory.EnumerateFiles(folder, "*" + Extension)
        let first = long.Parse(Path.GetFileNameWithoutExtension(path), NumberStyles.None, CultureInfo.InvariantCulture)
        orderby first
        select first;

    private static string NameOf(long first) => first.ToString("D12", CultureInfo.InvariantCulture) + Extension;

    /// <summary>The number of a line, which comes first in it.</summary>
    private static long NumberOf(ReadOnlySpan<byte> line) =>
        line.StartsWith("{\"number\":"u8) && Utf8Parser.TryParse(line[10..], out long number, out _)
            ? number
            : throw new FormatException("A report's line has no number.");

    private string PathOf(long first) => Path.Combine(_folder, NameOf(first));

    /// <summary>Goes to the end of the last whole batch, and cuts off what follows.</summary>
    private void FindEnd()
    {
        (_last, _tailBytes, Totals, LastBatch, LastBatchFirst) = (0, 0, new CampaignTotals(), [], 0);
        while (_segments.Count > 0)
        {
            long bytes = 0;
            List<RepositoryUrl> batch = [];
            foreach (ReadOnlyMemory<byte> line in ReadLines(PathOf(_segments[^1])))
            {
                bytes += line.Length + 1;
                if (ReportLineJson.Parse(line.Span).Sync is { } sync)
                {
                    batch.Add(sync.Url);
                }

                if (CampaignTotalsJson.Parse(line) is var (totals, first))
                {
                    (_last, _tailBytes, Totals, LastBatch, LastBatchFirst) = (NumberOf(line.Span), bytes, totals, batch, first);
                    batch = [];
                }
            }

            if (_tailBytes > 0)
            {
                Cut(_tailBytes);
                return;
            }

            Cut(0);
        }
    }

    /// <summary>Shortens the last file; to nothing: it is removed.</summary>
    private void Cut(long length)
    {
        _tail?.Dispose();
        _tail = null;
        string path = PathOf(_segments[^1]);
        if (length == 0)
        {
            File.Delete(path);
            _segments.RemoveAt(_segments.Count - 1);
            return;
        }

        using FileStream file = new(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete);
        if (file.Length > length)
        {
            file.SetLength(length);
            file.Flush(flushToDisk: true);
        }
    }

    private void OpenTail()
    {
        bool full = _segments.Count > 0 && _last - _segments[^1] + 1 >= Limits.ReportSegmentLines;
        if (_segments.Count > 0 && !full)
        {
            _tail ??= File.OpenHandle(PathOf(_segments[^1]), FileMode.Open, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete);
            return;
        }

        _tail?.Dispose();
        _segments.Add(_last + 1);
        _tail = File.OpenHandle(PathOf(_last + 1), FileMode.Create, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete);
        DurableFiles.FlushDirectory(_folder);
        _tailBytes = 0;
    }
}
