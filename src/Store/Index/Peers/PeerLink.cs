using Actors.Git;
using Actors.Git.Objects;

namespace Actors.Store.Index.Peers;

/// <summary>The way to one other process: connects when it is first needed, and after a failure not before a while has passed.</summary>
/// <param name="endpoint">Host and port, as the process registered it.</param>
/// <param name="secret">Of the store.</param>
/// <param name="timeout">How long an answer may take, with the connection if there is none.</param>
/// <param name="pause">How long the process is left alone after a failure.</param>
/// <param name="clock">Ends waits.</param>
internal sealed class PeerLink(string endpoint, byte[] secret, TimeSpan timeout, TimeSpan pause, TimeProvider clock) : IAsyncDisposable
{
    private readonly SemaphoreSlim _connecting = new(1, 1);
    private PeerConnection? _connection;
    private long _pausedUntil = long.MinValue;

    public string Endpoint => endpoint;

    /// <summary>Asks about a batch of any length, in several questions at once if need be.</summary>
    /// <param name="answer">What for.</param>
    /// <param name="sequenceMin">The answer must be of this state or a later one.</param>
    /// <param name="oids">The batch.</param>
    /// <param name="found">As long; holds the answers when true is returned, and is not touched any more.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>False: the process did not answer in time, is behind, or does not have a range.</returns>
    public async Task<bool> TryAskAsync(PeerAnswer answer, long sequenceMin, ReadOnlyMemory<Oid> oids, Memory<long> found, CancellationToken cancellationToken)
    {
        if (clock.GetUtcNow().UtcTicks < Volatile.Read(ref _pausedUntil))
        {
            return false;
        }

        using var late = new CancellationTokenSource(timeout, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellationToken);
        try
        {
            PeerConnection connection = await ConnectAsync(either.Token).ConfigureAwait(false);
            var questions = new List<Task<PeerStatus>>();
            for (int start = 0; start < oids.Length; start += Limits.PeerOidsMax)
            {
                int length = Math.Min(Limits.PeerOidsMax, oids.Length - start);
                questions.Add(connection.AskAsync(answer, sequenceMin, oids.Slice(start, length), found.Slice(start, length), either.Token));
            }

            PeerStatus[] statuses = await Task.WhenAll(questions).ConfigureAwait(false);
            return statuses.All(status => status == PeerStatus.Ok);
        }
        catch (Exception failure) when (failure is IOException or GitFormatException || (failure is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            Volatile.Write(ref _pausedUntil, (clock.GetUtcNow() + pause).UtcTicks);
            return false;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _connecting.WaitAsync().ConfigureAwait(false);
        if (_connection is not null)
        {
            await _connection.DisposeAsync().ConfigureAwait(false);
        }

        Volatile.Write(ref _pausedUntil, long.MaxValue);
        _connecting.Release();
    }

    private async ValueTask<PeerConnection> ConnectAsync(CancellationToken cancellationToken)
    {
        if (Volatile.Read(ref _connection) is { IsBroken: false } open)
        {
            return open;
        }

        await _connecting.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (_connection is { IsBroken: false })
            {
                return _connection;
            }

            if (_connection is not null)
            {
                await _connection.DisposeAsync().ConfigureAwait(false);
            }

            int colon = endpoint.LastIndexOf(':');
            if (colon <= 0 || !ushort.TryParse(endpoint.AsSpan(colon + 1), out ushort port))
            {
                throw new IOException($"'{endpoint}' is no host and port of an index process.");
            }

            return _connection = await PeerConnection.OpenAsync(endpoint[..colon].Trim('[', ']'), port, secret, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _connecting.Release();
        }
    }
}
