using System.Runtime.InteropServices;
using Actors.Store.Heads.Postgres;

namespace Actors.Store.Campaigns.Submissions;

/// <summary>
/// Takes a list in: drops repetitions, cuts it into chunks, writes them in parts. Repetitions are found exactly, in bounded memory: the keys
/// of the first million repositories are kept; those of a longer list wait on the disk, sorted coarsely by key, until all have come.
/// </summary>
internal sealed class ListSubmission(ISubmissionTarget target, SubmissionOptions options, TimeProvider clock, Random random)
{
    /// <summary>What a key in a set costs.</summary>
    private const int BytesPerKey = 48;

    private readonly ListSplitter _splitter = new(options);
    private readonly HashSet<Guid> _keys = [];
    private readonly List<ReadOnlyMemory<byte>> _report = [];
    private long _reportBytes;
    private long _lines;
    private long _duplicates;
    private long _rejected;
    private int _parts;
    private int _chunks;
    private long _writtenAt = clock.GetTimestamp();

    public async Task<SubmissionTally> RunAsync(IAsyncEnumerable<SubmittedLine> lines, CancellationToken cancellationToken)
    {
        LineSpool? spool = null;
        try
        {
            // 1. Lines in order, as they come.
            await foreach (SubmittedLine line in lines.WithCancellation(cancellationToken).ConfigureAwait(false))
            {
                _lines = Math.Max(_lines, line.Number);
                if (line.IsRepository)
                {
                    spool = Take(line, spool);
                }
                else if (!line.Rejection.IsEmpty)
                {
                    Reject(line.Rejection);
                }

                if (IsDue)
                {
                    await WriteAsync(last: false, cancellationToken).ConfigureAwait(false);
                }
            }

            // 2. Those that wait for repetitions to be found.
            if (spool is not null)
            {
                await TakeSpooledAsync(spool, cancellationToken).ConfigureAwait(false);
            }
        }
        finally
        {
            spool?.Dispose();
        }

        // 3. What is left in hand.
        _splitter.End();
        await WriteAsync(last: true, cancellationToken).ConfigureAwait(false);
        return Tally;
    }

    private SubmissionTally Tally => new(_lines, _splitter.Count, _duplicates, _rejected);

    private bool IsDue => _splitter.ReadyBytes + _reportBytes >= Limits.SubmissionPartBytes || _splitter.Ready.Count >= Limits.SubmissionPartChunks
        || ((_lines & 0xfff) == 0 && clock.GetElapsedTime(_writtenAt) >= Limits.SubmissionPartPeriod);

    private LineSpool? Take(in SubmittedLine line, LineSpool? spool)
    {
        Guid key = RepositoryKey.Of(line.Url);
        if (spool is null)
        {
            if (_keys.Add(key))
            {
                _splitter.Add(line.Number, line.Url);
            }
            else
            {
                _duplicates++;
            }

            return _keys.Count < options.MemoryMax / BytesPerKey ? null : new LineSpool(options.SpoolFolder ?? Path.GetTempPath(), random);
        }

        if (_keys.Contains(key))
        {
            _duplicates++;
        }
        else
        {
            spool.Add(key, line);
        }

        return spool;
    }

    private async Task TakeSpooledAsync(LineSpool spool, CancellationToken cancellationToken)
    {
        for (int part = 0; part < LineSpool.Parts; part++)
        {
            cancellationToken.ThrowIfCancellationRequested();

            // None of the keys of before is among these.
            _keys.Clear();
            foreach (ChunkLine line in spool.Read(part))
            {
                if (!_keys.Add(RepositoryKey.Of(line.Url)))
                {
                    _duplicates++;
                    continue;
                }

                _splitter.Add(line.Number, line.Url);
                if (IsDue)
                {
                    await WriteAsync(last: false, cancellationToken).ConfigureAwait(false);
                }
            }
        }
    }

    private void Reject(ReadOnlyMemory<byte> report)
    {
        _rejected++;
        _report.Add(report);
        _reportBytes += report.Length;
    }

    private async Task WriteAsync(bool last, CancellationToken cancellationToken)
    {
        List<ChunkDraft> chunks = _splitter.Ready;
        do
        {
            // A spill may have made many at once.
            int count = CountThatFit(CollectionsMarshal.AsSpan(chunks));
            bool rest = count < chunks.Count;
            await target.WriteAsync(new SubmissionPart(++_parts, last && !rest, Tally, _chunks + 1, chunks.GetRange(0, count), [.. _report]), cancellationToken).ConfigureAwait(false);
            _chunks += count;
            chunks.RemoveRange(0, count);
            _report.Clear();
            _reportBytes = 0;
        }
        while (chunks.Count > 0);
        _splitter.TakenOut();
        _writtenAt = clock.GetTimestamp();
    }

    private static int CountThatFit(ReadOnlySpan<ChunkDraft> chunks)
    {
        long bytes = 0;
        int count = 0;
        while (count < chunks.Length && count < Limits.SubmissionPartChunks && (count == 0 || bytes + chunks[count].Lines.Length <= 2 * Limits.SubmissionPartBytes))
        {
            bytes += chunks[count++].Lines.Length;
        }

        return count;
    }
}
