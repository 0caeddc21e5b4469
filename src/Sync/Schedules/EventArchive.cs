using System.Buffers;
using System.IO.Compression;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Actors.Git.Remotes;

namespace Actors.Sync.Schedules;

/// <summary>
/// Reads files of GitHub's public event archive: JSON, one event a line, gzip or plain, as <c>gharchive.org</c> keeps them by the hour. Events
/// that change refs are told; other events, and lines that are none, are passed over. Memory is bounded by the longest line.
/// </summary>
public static class EventArchive
{
    /// <summary>The changes, in the order of the file: each under its repository's URL without and with <c>.git</c>, for both are in use.</summary>
    /// <param name="stream">The file; read forward once.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="InvalidDataException">Damaged gzip.</exception>
    public static async IAsyncEnumerable<ToldChange> ReadAsync(Stream stream, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        PipeReader raw = PipeReader.Create(stream, new StreamPipeReaderOptions(leaveOpen: true));
        ReadResult begin = await raw.ReadAtLeastAsync(2, cancellationToken).ConfigureAwait(false);
        bool gzip = IsGzip(begin.Buffer);
        raw.AdvanceTo(begin.Buffer.Start);
        PipeReader lines = gzip ? PipeReader.Create(new GZipStream(raw.AsStream(), CompressionMode.Decompress), new StreamPipeReaderOptions(bufferSize: 1 << 16)) : raw;
        bool skipping = false;
        List<ToldChange> changes = [];
        while (true)
        {
            ReadResult read = await lines.ReadAsync(cancellationToken).ConfigureAwait(false);
            (SequencePosition consumed, skipping) = Take(read.Buffer, read.IsCompleted, skipping, changes);
            foreach (ToldChange change in changes)
            {
                yield return change;
            }

            changes.Clear();
            if (read.IsCompleted)
            {
                break;
            }

            lines.AdvanceTo(consumed, read.Buffer.End);
        }

        await lines.CompleteAsync().ConfigureAwait(false);
    }

    private static bool IsGzip(ReadOnlySequence<byte> begin)
    {
        Span<byte> two = stackalloc byte[2];
        begin.Slice(0, Math.Min(2, begin.Length)).CopyTo(two);
        return two is [0x1f, 0x8b];
    }

    /// <summary>All whole lines of a buffer. An over-long one is dropped as it comes.</summary>
    private static (SequencePosition Consumed, bool Skipping) Take(ReadOnlySequence<byte> buffer, bool last, bool skipping, List<ToldChange> changes)
    {
        while (buffer.PositionOf((byte)'\n') is { } feed)
        {
            if (!skipping)
            {
                TakeLine(buffer.Slice(0, feed), changes);
            }

            (skipping, buffer) = (false, buffer.Slice(buffer.GetPosition(1, feed)));
        }

        if (last && !skipping && buffer.Length > 0)
        {
            TakeLine(buffer, changes);
        }

        return buffer.Length > Limits.EventLineBytesMax || skipping ? (buffer.End, true) : (buffer.Start, false);
    }

    private static void TakeLine(ReadOnlySequence<byte> line, List<ToldChange> changes)
    {
        if (line.Length <= Limits.EventLineBytesMax && TryParse(line, out string? name, out DateTimeOffset at)
            && RepositoryUrl.TryParse("https://github.com/" + name, out RepositoryUrl url, out _)
            && RepositoryUrl.TryParse($"https://github.com/{name}.git", out RepositoryUrl withGit, out _))
        {
            changes.Add(new ToldChange(url, at));
            changes.Add(new ToldChange(withGit, at));
        }
    }

    /// <summary>GitHub's documentation, "GitHub event types": <c>type</c>, <c>repo.name</c> (OWNER/NAME) and <c>created_at</c> of every event.</summary>
    private static bool TryParse(ReadOnlySequence<byte> line, out string? name, out DateTimeOffset at)
    {
        (name, at) = (null, default);
        bool changes = false, timed = false;
        try
        {
            Utf8JsonReader json = new(line);
            if (!json.Read() || json.TokenType != JsonTokenType.StartObject)
            {
                return false;
            }

            while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
            {
                bool isType = json.ValueTextEquals("type"), isRepository = json.ValueTextEquals("repo"), isTime = json.ValueTextEquals("created_at");
                _ = json.Read();
                if (isType && json.TokenType == JsonTokenType.String)
                {
                    changes = json.ValueTextEquals("PushEvent") || json.ValueTextEquals("CreateEvent") || json.ValueTextEquals("DeleteEvent");
                }
                else if (isTime && json.TokenType == JsonTokenType.String)
                {
                    timed = json.TryGetDateTimeOffset(out at);
                }
                else if (isRepository && json.TokenType == JsonTokenType.StartObject)
                {
                    name = NameOf(ref json);
                }
                else
                {
                    json.Skip();
                }
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // Cut off, not JSON, or text that is no UTF-8: one event less.
            return false;
        }

        return changes && timed && name is { Length: > 2 and < 200 } && name.Count(c => c == '/') == 1 && !name.Any(c => char.IsControl(c) || c is '#' or '?' or ' ');
    }

    private static string? NameOf(ref Utf8JsonReader json)
    {
        string? name = null;
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            bool isName = json.ValueTextEquals("name");
            _ = json.Read();
            name = isName && json.TokenType == JsonTokenType.String ? json.GetString() : name;
            json.Skip();
        }

        return name;
    }
}
