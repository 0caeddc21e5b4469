using System.Buffers;
using System.Collections.Concurrent;
using System.Net.Sockets;
using System.Security.Cryptography;
using Actors.Git;
using Oid = Actors.Git.Objects.Oid;

namespace Actors.Store.Index.Peers;

/// <summary>A connection to another process of the store, on which any number of questions are on their way.</summary>
internal sealed class PeerConnection : IAsyncDisposable
{
    private readonly NetworkStream _stream;
    private readonly PeerStream _reader;
    private readonly SemaphoreSlim _writing = new(1, 1);
    private readonly SemaphoreSlim _slots = new(Limits.PeerQuestionsMax, Limits.PeerQuestionsMax);
    private readonly ConcurrentDictionary<uint, PendingQuestion> _pending = new();
    private readonly CancellationTokenSource _ending = new();
    private Task _reading = Task.CompletedTask;
    private uint _numbers;

    private PeerConnection(NetworkStream stream) => (_stream, _reader) = (stream, new PeerStream(stream));

    /// <summary>No question can be asked on it any more.</summary>
    public bool IsBroken => _ending.IsCancellationRequested;

    /// <summary>Connects, and makes sure that the other side knows the store's secret.</summary>
    /// <exception cref="IOException">It is not there, or is somebody else.</exception>
    /// <exception cref="GitFormatException">It speaks something else.</exception>
    public static async Task<PeerConnection> OpenAsync(string host, int port, byte[] secret, CancellationToken cancellationToken)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(host, port, cancellationToken).ConfigureAwait(false);
        }
        catch (SocketException refusal)
        {
            socket.Dispose();
            throw new IOException($"The index process at {host}:{port} is not there: {refusal.Message}", refusal);
        }
        catch
        {
            socket.Dispose();
            throw;
        }

        var connection = new PeerConnection(new NetworkStream(socket, ownsSocket: true));
        try
        {
            await connection.ShakeHandsAsync(secret, cancellationToken).ConfigureAwait(false);
            connection._reading = connection.ReadAsync();
            return connection;
        }
        catch
        {
            await connection.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Asks one question.</summary>
    /// <param name="answer">What for.</param>
    /// <param name="sequenceMin">The answer must be of this state or a later one.</param>
    /// <param name="oids">At most <see cref="Limits.PeerOidsMax"/>.</param>
    /// <param name="found">As long; not touched any more when this has returned or thrown.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="IOException">The connection broke.</exception>
    public async Task<PeerStatus> AskAsync(PeerAnswer answer, long sequenceMin, ReadOnlyMemory<Oid> oids, Memory<long> found, CancellationToken cancellationToken)
    {
        await _slots.WaitAsync(cancellationToken).ConfigureAwait(false);
        var question = new PeerQuestion(Interlocked.Increment(ref _numbers), answer, sequenceMin, oids.Length);
        var pending = new PendingQuestion(answer, found);
        try
        {
            _pending[question.Number] = pending;
            await SendAsync(question, oids, cancellationToken).ConfigureAwait(false);
            return await pending.Reply.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (ObjectDisposedException)
        {
            throw new IOException("The connection to an index process was closed.");
        }
        finally
        {
            // Whoever takes it out writes to the caller's memory, or nobody does.
            if (!_pending.TryRemove(question.Number, out _))
            {
                await pending.Written.Task.ConfigureAwait(false);
            }

            _slots.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await BreakAsync(null).ConfigureAwait(false);
        await _reading.ConfigureAwait(false);
    }

    private async Task SendAsync(PeerQuestion question, ReadOnlyMemory<Oid> oids, CancellationToken cancellationToken)
    {
        byte[] frame = ArrayPool<byte>.Shared.Rent(question.FrameBytes);
        try
        {
            question.Encode(frame, oids.Span);
            await _writing.WaitAsync(cancellationToken).ConfigureAwait(false);
            try
            {
                if (IsBroken)
                {
                    throw new IOException("The connection to an index process broke.");
                }

                // A frame is written whole, or the connection is of no use: only its end stops it.
                using CancellationTokenRegistration stop = cancellationToken.Register(() => _ = BreakAsync(null));
                await _stream.WriteAsync(frame.AsMemory(0, question.FrameBytes), _ending.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                throw new IOException("The connection to an index process broke.");
            }
            finally
            {
                _writing.Release();
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(frame);
        }
    }

    private async Task ShakeHandsAsync(byte[] secret, CancellationToken cancellationToken)
    {
        byte[] nonce = RandomNumberGenerator.GetBytes(PeerChallenge.NonceBytes);
        if (!await _reader.ReadAsync(PeerMessageKind.Challenge, PeerChallenge.BodyBytes, cancellationToken).ConfigureAwait(false))
        {
            throw new IOException("An index process did not take the connection.");
        }

        byte[] calledNonce = PeerChallenge.Decode(_reader.Body.Span).ToArray();
        await _stream.WriteAsync(PeerProof.Encode(secret, isCaller: true, calledNonce, nonce), cancellationToken).ConfigureAwait(false);
        if (!await _reader.ReadAsync(PeerMessageKind.Proof, PeerProof.BodyBytes, cancellationToken).ConfigureAwait(false)
            || !PeerProof.IsTrue(_reader.Body.Span, secret, isCaller: false, calledNonce, out byte[] echoed) || !echoed.AsSpan().SequenceEqual(nonce))
        {
            throw new IOException("An index process does not know this store's secret.");
        }
    }

    private async Task ReadAsync()
    {
        Exception? cause = null;
        try
        {
            while (await _reader.ReadAsync(PeerMessageKind.Reply, PeerReply.BodyBytesMax, _ending.Token).ConfigureAwait(false))
            {
                PeerReply reply = PeerReply.Decode(_reader.Body.Span, out ReadOnlySpan<byte> answer);
                if (_pending.TryRemove(reply.Number, out PendingQuestion? question))
                {
                    question.Take(reply, answer);
                }
            }
        }
        catch (Exception end) when (end is IOException or GitFormatException or OperationCanceledException or ObjectDisposedException)
        {
            cause = end;
        }

        await BreakAsync(cause).ConfigureAwait(false);
    }

    private async Task BreakAsync(Exception? cause)
    {
        await _ending.CancelAsync().ConfigureAwait(false);
        await _stream.DisposeAsync().ConfigureAwait(false);
        foreach (uint number in _pending.Keys)
        {
            if (_pending.TryRemove(number, out PendingQuestion? question))
            {
                question.Fail(cause);
            }
        }
    }
}
