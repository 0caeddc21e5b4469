using Actors.Git.Remotes;
using Actors.Store.Campaigns;
using Actors.Store.Heads;
using Actors.Sync.ForgeHosts;
using Actors.Sync.Repositories;

namespace Actors.Sync.Campaigns;

public sealed partial class ChunkRun
{
    private readonly long[] _outcomes;
    private List<ReadOnlyMemory<byte>> _report = [];
    private long _skipped;
    private long _objects;
    private long _bytesReceived;
    private long _bytesSaved;
    private long _requests;
    private bool _changed;
    private ChunkCheckpoint? _unwritten;
    private int _checkpoint;
    private long _leaseBegan;

    /// <summary>Counts an outcome, to be written with the next checkpoint.</summary>
    private void Settle(ChunkTask task, SyncReport report)
    {
        byte[] line = StoredReportJson.ToUtf8(report);
        lock (_gate)
        {
            MarkDone(task.Place);
            _report.Add(line);
            _outcomes[(int)report.Outcome]++;
            _objects += report.Objects;
            _bytesReceived += report.BytesReceived;
            _requests += report.Requests;
            if (report.Outcome.IsSuccess() && (report.CloneBytes ?? task.Known?.CloneBytes) is { } clone)
            {
                _bytesSaved += Math.Max(0, clone - report.BytesReceived);
            }
        }

        Release(task);
        _ended?.Invoke(report);
    }

    private void Skip(ChunkTask task)
    {
        lock (_gate)
        {
            MarkDone(task.Place);
            _skipped++;
        }

        Release(task);
    }

    private void MarkDone(int place)
    {
        _done[place / 8] |= (byte)(1 << (place % 8));
        _changed = true;
    }

    private async Task KeepAsync()
    {
        while (await _keeping.NextAsync().ConfigureAwait(false))
        {
            bool due;
            lock (_gate)
            {
                due = _changed || _clock.GetElapsedTime(_leaseBegan) >= _options.Lease / 3;
            }

            if (due)
            {
                await WriteAsync(ChunkNext.GoOn, _options.Lease).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Closes the chunk, or gives back what is left of it.</summary>
    private async Task<ChunkEnd> EndAsync()
    {
        bool all;
        TimeSpan wait;
        List<(ForgeHost Host, DateTimeOffset? Until)> silent = [];
        lock (_gate)
        {
            all = Enumerable.Range(0, _chunk.Lines.Count).All(IsDone);
            wait = _failure is not null ? Limits.FailedChunkPause : _stopping ? TimeSpan.Zero : _closedHosts.Count > 0 ? _closedHosts.Values.Min() : Limits.SilenceMin;
            DateTimeOffset now = _clock.GetUtcNow();
            silent.AddRange(_closedHosts.Select(h => (h.Key, (DateTimeOffset?)(now + h.Value))));
        }

        if (!all && silent.Count > 0)
        {
            // Others need not claim the host's chunks only to find the same.
            await _book.SilenceAsync(silent, CancellationToken.None).ConfigureAwait(false);
        }

        await WriteAsync(all ? ChunkNext.Close : ChunkNext.Release, all ? TimeSpan.Zero : wait).ConfigureAwait(false);
        return _lost ? ChunkEnd.Lost : all ? ChunkEnd.Done : ChunkEnd.GivenBack;
    }

    /// <summary>One checkpoint; one at a time. One that failed is written again first, under its number: it may have been written after all.</summary>
    private async Task WriteAsync(ChunkNext next, TimeSpan time)
    {
        if (_unwritten is { } failed)
        {
            await WriteAsync(failed).ConfigureAwait(false);
        }

        if (!_lost)
        {
            await WriteAsync(_unwritten = Collect(next, time)).ConfigureAwait(false);
        }
    }

    private async Task WriteAsync(ChunkCheckpoint checkpoint)
    {
        // Not to be cancelled: what has ended is written.
        HoldState state = await _book.CheckpointAsync(checkpoint, CancellationToken.None).ConfigureAwait(false);
        _unwritten = null;
        if (state == HoldState.Lost)
        {
            _lost = true;
            Abort();
        }
        else if (state == HoldState.Stop)
        {
            Stop();
        }
    }

    private ChunkCheckpoint Collect(ChunkNext next, TimeSpan time)
    {
        lock (_gate)
        {
            ChunkCheckpoint checkpoint = new()
            {
                Hold = _chunk.Hold,
                Number = ++_checkpoint,
                Done = _done.ToArray(),
                Counts = new ChunkCounts
                {
                    Outcomes = [.. _outcomes],
                    Skipped = _skipped,
                    Objects = _objects,
                    BytesReceived = _bytesReceived,
                    BytesSaved = _bytesSaved,
                    Requests = _requests,
                },
                Report = _report,
                Next = next,
                Time = time,
            };
            Array.Clear(_outcomes);
            (_report, _skipped, _objects, _bytesReceived, _bytesSaved, _requests, _changed) = ([], 0, 0, 0, 0, 0, false);
            _leaseBegan = _clock.GetTimestamp();
            return checkpoint;
        }
    }
}
