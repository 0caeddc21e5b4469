using System.Net;
using Actors.Git.Objects;
using Actors.Store.Catalogue;
using Actors.Store.Index.Peers;

namespace Actors.Store.Index.Ranges;

internal sealed partial class SharedIndex : IPeerAnswers
{
    private readonly SemaphoreSlim _beating = new(1, 1);
    private readonly Dictionary<string, PeerLink> _links = [];
    private readonly CancellationTokenSource _ending = new();
    private Task _beats = Task.CompletedTask;
    private PeerServer? _server;
    private string? _endpoint;
    private long _process;
    private readonly byte[] _secret;

    // By range: whom to ask, first the one who should have it.
    private IReadOnlyList<PeerLink>[] _routes = [];

    /// <summary>Begins to answer other processes, and to take part in the split of the ranges.</summary>
    /// <param name="listen">Where; port 0: the system chooses.</param>
    /// <param name="host">The name or address by which others reach this machine.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="IOException">The catalogue cannot be reached.</exception>
    public async Task ListenAsync(IPEndPoint listen, string host, CancellationToken cancellationToken)
    {
        _server = PeerServer.Listen(listen, this, _secret, _clock);
        _endpoint = string.Create(null, $"{host}:{_server.EndPoint.Port}");
        await BeatAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// Says that this process lives, looks who else does, and takes or leaves ranges accordingly. To be called every few seconds, and several
    /// times within <see cref="SharedIndexOptions.DeadAfter"/>. Whoever had a range before keeps it until the new one has it whole.
    /// </summary>
    /// <exception cref="IOException">The catalogue or the blobs cannot be reached: this process goes on with what it has.</exception>
    public async Task BeatAsync(CancellationToken cancellationToken)
    {
        if (_endpoint is null && _options.HoldsAll)
        {
            return;
        }

        await _beating.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            await ShowAsync(cancellationToken).ConfigureAwait(false);
            List<IndexProcess> living = await _catalogue.ListProcessesAsync(_clock.GetUtcNow() - _options.DeadAfter, cancellationToken).ConfigureAwait(false);
            await RouteAsync(living).ConfigureAwait(false);
            if (await WantAsync(living, cancellationToken).ConfigureAwait(false))
            {
                await RefreshAsync(cancellationToken).ConfigureAwait(false);
                await ShowAsync(cancellationToken).ConfigureAwait(false);
            }
        }
        finally
        {
            _beating.Release();
        }
    }

    /// <summary>Calls <see cref="BeatAsync"/> and <see cref="RefreshAsync"/> from now on until the index is disposed: whoever asks finds this process up to date.</summary>
    public void BeginBeating() => _beats = BeatOnAsync();

    /// <summary>Answers another process: for ranges that are here, after a look at the catalogue if it has seen a newer store.</summary>
    async ValueTask<PeerStatus> IPeerAnswers.AnswerAsync(long sequenceMin, ReadOnlyMemory<Oid> oids, Memory<long> found, CancellationToken cancellationToken)
    {
        if (Applied < sequenceMin)
        {
            try
            {
                await RefreshAsync(cancellationToken).ConfigureAwait(false);
            }
            catch (IOException)
            {
                return PeerStatus.Behind;
            }
        }

        using var partition = new OidPartition(_ranges, oids.Span);
        if (Applied < sequenceMin)
        {
            return PeerStatus.Behind;
        }

        if (LocateHere(partition, null).Length > 0)
        {
            return PeerStatus.NotHere;
        }

        partition.CopyTo(found.Span);
        return PeerStatus.Ok;
    }

    private async Task BeatOnAsync()
    {
        using var timer = new PeriodicTimer(_options.BeatInterval, _clock);
        try
        {
            while (await timer.WaitForNextTickAsync(_ending.Token).ConfigureAwait(false))
            {
                try
                {
                    await BeatAsync(_ending.Token).ConfigureAwait(false);
                    _ = await RefreshAsync(_ending.Token).ConfigureAwait(false);
                }
                catch (Exception failure) when (failure is IOException or Git.GitFormatException)
                {
                    // Not reachable now, or not readable: the next beat tries again, and others do without this process meanwhile.
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The end.
        }
    }

    private async Task ShowAsync(CancellationToken cancellationToken)
    {
        if (_endpoint is not null && (_process == 0 || !await _catalogue.BeatAsync(_process, Held, cancellationToken).ConfigureAwait(false)))
        {
            _process = await _catalogue.RegisterAsync(_endpoint, Held, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task RouteAsync(List<IndexProcess> living)
    {
        IndexProcess[] others = [.. living.Where(process => process.Id != _process && process.Endpoint != _endpoint)];
        foreach (IndexProcess process in others.Where(process => !_links.ContainsKey(process.Endpoint)))
        {
            _links.Add(process.Endpoint, new PeerLink(process.Endpoint, _secret, _options.PeerTimeout, _options.PeerPause, _clock));
        }

        Volatile.Write(ref _routes, [.. Enumerable.Range(0, _ranges.Count).Select(range =>
            RangeOwners.Ranked(range, others.Where(process => process.Ranges.Contains(range))).Select(process => _links[process.Endpoint]).ToArray())]);
        foreach (string gone in _links.Keys.Except(others.Select(process => process.Endpoint)).ToArray())
        {
            _ = _links.Remove(gone, out PeerLink? link);
            await link!.DisposeAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Decides which ranges are this process's, and leaves those that are not any more. True: some are new.</summary>
    private async Task<bool> WantAsync(List<IndexProcess> living, CancellationToken cancellationToken)
    {
        if (_options.HoldsAll)
        {
            return Held.Count < _ranges.Count;
        }

        await _refreshing.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            DateTimeOffset now = _clock.GetUtcNow();
            var held = (RangeIndex?[])_held.Clone();
            for (int range = 0; range < held.Length; range++)
            {
                IndexProcess[] before = [.. RangeOwners.Ranked(range, living).TakeWhile(process => process.Id != _process)];
                bool isOwn = _process != 0 && before.Length < _options.Copies;
                bool isKept = _process != 0 && held[range] is not null && before.Count(process => process.Ranges.Contains(range)) < _options.Copies;
                _wanted[range] = isOwn || isKept || _borrowed[range] > now;
                held[range] = _wanted[range] ? held[range] : null;
            }

            foreach (RangeIndex left in Interlocked.Exchange(ref _held, held).Except(held).OfType<RangeIndex>())
            {
                left.Dispose();
            }

            return Enumerable.Range(0, held.Length).Any(range => _wanted[range] && held[range] is null);
        }
        finally
        {
            _refreshing.Release();
        }
    }

    private async Task EndPeersAsync()
    {
        await _ending.CancelAsync().ConfigureAwait(false);
        await _beats.ConfigureAwait(false);
        if (_server is not null)
        {
            await _server.DisposeAsync().ConfigureAwait(false);
        }

        await _beating.WaitAsync().ConfigureAwait(false);
        foreach (PeerLink link in _links.Values)
        {
            await link.DisposeAsync().ConfigureAwait(false);
        }

        _links.Clear();
        if (_process != 0)
        {
            try
            {
                await _catalogue.RemoveProcessAsync(_process, CancellationToken.None).ConfigureAwait(false);
            }
            catch (IOException)
            {
                // It is seen to be dead soon.
            }
        }

        _beating.Release();
    }
}
