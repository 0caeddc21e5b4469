using System.Buffers;
using System.Text.Json;
using Actors.Loaders.Loads;
using Actors.Sync.Mirrors;
using Actors.Sync.Repositories;

namespace Actors.Client.Reports;

/// <summary>Writes a campaign's report: one JSON object a repository, one a line, in the order in which syncs end.</summary>
internal sealed class ReportWriter : IDisposable
{
    private const int FlushBytes = 1 << 16;
    private readonly Stream _stream;
    private readonly bool _owned;
    private readonly ArrayBufferWriter<byte> _buffer = new(FlushBytes + 4096);
    private readonly Utf8JsonWriter _json;

    private ReportWriter(Stream stream, bool owned)
    {
        _stream = stream;
        _owned = owned;
        _json = new Utf8JsonWriter(_buffer, SyncReportJson.WriterOptions);
    }

    /// <summary>Writes to a file; appends to what a stopped campaign left when that is resumed, after cutting off a line that was torn.</summary>
    public static ReportWriter ToFile(string path, bool append)
    {
        try
        {
            FileStream file = new(path, append ? FileMode.OpenOrCreate : FileMode.Create, FileAccess.ReadWrite, FileShare.ReadWrite);
            if (append)
            {
                CutTornLine(file);
            }

            return new ReportWriter(file, owned: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UserErrorException($"--report: cannot write '{path}': {e.Message}", e);
        }
    }

    /// <summary>Writes to a file, to standard output (<c>-</c>), or nowhere (null).</summary>
    public static ReportWriter? Open(string? path, Stream output, bool append) => path switch
    {
        null => null,
        "-" => ToStream(output),
        _ => ToFile(path, append),
    };

    /// <summary>Writes to a stream that stays open.</summary>
    public static ReportWriter ToStream(Stream stream) => new(stream, owned: false);

    /// <summary>Adds one line; it reaches the file with the next flush.</summary>
    /// <param name="report">A sync.</param>
    /// <param name="mirror">What became of a mirror after it, or null.</param>
    public void Write(SyncReport report, MirrorReport? mirror = null, LoadReport? load = null)
    {
        _json.WriteStartObject();
        SyncReportJson.WriteFields(_json, report);
        if (load is not null)
        {
            LoadFields.Write(_json, load);
        }

        WriteMirror(mirror);
        _json.WriteEndObject();
        _json.Flush();
        _json.Reset();
        _buffer.Write("\n"u8);
        if (_buffer.WrittenCount >= FlushBytes)
        {
            Flush();
        }
    }

    /// <summary>Brings all lines so far to the file.</summary>
    public void Flush()
    {
        _stream.Write(_buffer.WrittenSpan);
        _buffer.ResetWrittenCount();
        _stream.Flush();
    }

    public void Dispose()
    {
        Flush();
        _json.Dispose();
        if (_owned)
        {
            _stream.Dispose();
        }
    }

    private void WriteMirror(MirrorReport? mirror)
    {
        if (mirror is null)
        {
            return;
        }

        _json.WriteStartObject("mirror"u8);
        _json.WriteString("target"u8, mirror.Target);
        _json.WriteString("outcome"u8, mirror.Outcome.ToName());
        WriteOrNull("snapshot"u8, mirror.Snapshot?.ToString());
        _json.WriteNumber("refs"u8, mirror.Refs);
        _json.WriteNumber("historyKept"u8, mirror.HistoryKept);
        _json.WriteNumber("packs"u8, mirror.Packs);
        _json.WriteNumber("packsMerged"u8, mirror.PacksMerged);
        _json.WriteNumber("newObjects"u8, mirror.NewObjects);
        _json.WriteNumber("lfsObjects"u8, mirror.LfsObjects);
        _json.WriteNumber("lfsMissing"u8, mirror.LfsMissing);
        _json.WriteNumber("bytesSent"u8, mirror.BytesSent);
        _json.WriteNumber("elapsedMs"u8, mirror.ElapsedMs);
        WriteOrNull("error"u8, mirror.Error);
        _json.WriteEndObject();
    }

    private void WriteOrNull(ReadOnlySpan<byte> name, string? value)
    {
        if (value is null)
        {
            _json.WriteNull(name);
        }
        else
        {
            _json.WriteString(name, value);
        }
    }

    private static void CutTornLine(FileStream file)
    {
        Span<byte> window = stackalloc byte[4096];
        long end = file.Length;
        while (end > 0)
        {
            long start = Math.Max(0, end - window.Length);
            file.Position = start;
            Span<byte> part = window[..(int)(end - start)];
            file.ReadExactly(part);
            int newline = part.LastIndexOf((byte)'\n');
            if (newline >= 0)
            {
                end = start + newline + 1;
                break;
            }

            end = start;
        }

        file.SetLength(end);
        file.Position = end;
    }
}
