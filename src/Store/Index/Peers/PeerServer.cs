using System.Buffers;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Actors.Git;
using Oid = Actors.Git.Objects.Oid;

namespace Actors.Store.Index.Peers;

/// <summary>Answers other processes of the store. One task a connection; what can be answered at once is answered in order.</summary>
internal sealed class PeerServer : IAsyncDisposable
{
    private readonly Socket _listener;
    private readonly IPeerAnswers _answers;
    private readonly byte[] _secret;
    private readonly TimeProvider _clock;
    private readonly CancellationTokenSource _ending = new();
    private readonly HashSet<Task> _connections = [];
    private readonly Task _accepting;

    private PeerServer(Socket listener, IPeerAnswers answers, byte[] secret, TimeProvider clock)
    {
        (_listener, _answers, _secret, _clock) = (listener, answers, secret, clock);
        _accepting = AcceptAsync();
    }

    /// <summary>Where it listens.</summary>
    public IPEndPoint EndPoint => (IPEndPoint)_listener.LocalEndPoint!;

    /// <summary>Begins to answer.</summary>
    /// <param name="endPoint">Where; port 0: the system chooses.</param>
    /// <param name="answers">Who knows the answers.</param>
    /// <param name="secret">Of the store; only who knows it is answered.</param>
    /// <param name="clock">Ends handshakes.</param>
    /// <exception cref="SocketException">The port is taken.</exception>
    public static PeerServer Listen(IPEndPoint endPoint, IPeerAnswers answers, byte[] secret, TimeProvider clock)
    {
        var listener = new Socket(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            listener.Bind(endPoint);
            listener.Listen();
            return new PeerServer(listener, answers, secret, clock);
        }
        catch
        {
            listener.Dispose();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_ending.IsCancellationRequested)
        {
            return;
        }

        await _ending.CancelAsync().ConfigureAwait(false);
        _listener.Dispose();
        await _accepting.ConfigureAwait(false);
        Task[] connections;
        lock (_connections)
        {
            connections = [.. _connections];
        }

        await Task.WhenAll(connections).ConfigureAwait(false);
        _ending.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!_ending.IsCancellationRequested)
        {
            Socket socket;
            try
            {
                socket = await _listener.AcceptAsync(_ending.Token).ConfigureAwait(false);
            }
            catch (Exception end) when (end is OperationCanceledException or ObjectDisposedException)
            {
                return;
            }
            catch (SocketException)
            {
                // This one was gone before it was taken.
                continue;
            }

            Take(socket);
        }
    }

    private void Take(Socket socket)
    {
        lock (_connections)
        {
            if (_connections.Count >= Limits.PeerConnectionsMax)
            {
                socket.Dispose();
                return;
            }

            Task connection = Task.Run(() => ServeAsync(socket));
            _connections.Add(connection);
            _ = connection.ContinueWith(Forget, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        }
    }

    private void Forget(Task connection)
    {
        lock (_connections)
        {
            _connections.Remove(connection);
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        socket.NoDelay = true;
        using var connection = new NetworkStream(socket, ownsSocket: true);
        using var broken = CancellationTokenSource.CreateLinkedTokenSource(_ending.Token);
        using var slots = new SemaphoreSlim(Limits.PeerQuestionsMax, Limits.PeerQuestionsMax);
        using var writing = new SemaphoreSlim(1, 1);
        var reader = new PeerStream(connection);
        try
        {
            if (await IsWelcomeAsync(connection, reader).ConfigureAwait(false))
            {
                while (await reader.ReadAsync(PeerMessageKind.Question, PeerQuestion.BodyBytesMax, broken.Token).ConfigureAwait(false))
                {
                    await slots.WaitAsync(broken.Token).ConfigureAwait(false);
                    _ = ReplyAsync(connection, reader.Body, slots, writing, broken);
                }
            }
        }
        catch (Exception end) when (end is IOException or GitFormatException or OperationCanceledException)
        {
            // Whoever it was is gone, or does not speak as it should.
        }

        await broken.CancelAsync().ConfigureAwait(false);
        for (int slot = 0; slot < Limits.PeerQuestionsMax; slot++)
        {
            await slots.WaitAsync(CancellationToken.None).ConfigureAwait(false);
        }
    }

    private async Task<bool> IsWelcomeAsync(NetworkStream connection, PeerStream reader)
    {
        using var late = new CancellationTokenSource(TimeSpan.FromSeconds(Limits.PeerHandshakeSeconds), _clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, _ending.Token);
        byte[] nonce = RandomNumberGenerator.GetBytes(PeerChallenge.NonceBytes);
        await connection.WriteAsync(PeerChallenge.Encode(nonce), either.Token).ConfigureAwait(false);
        if (!await reader.ReadAsync(PeerMessageKind.Proof, PeerProof.BodyBytes, either.Token).ConfigureAwait(false)
            || !PeerProof.IsTrue(reader.Body.Span, _secret, isCaller: true, nonce, out byte[] callerNonce))
        {
            return false;
        }

        await connection.WriteAsync(PeerProof.Encode(_secret, isCaller: false, nonce, callerNonce), either.Token).ConfigureAwait(false);
        return true;
    }

    /// <summary>Everything up to the first wait is done before it returns: the body is the reader's.</summary>
    private async Task ReplyAsync(NetworkStream connection, ReadOnlyMemory<byte> body, SemaphoreSlim slots, SemaphoreSlim writing, CancellationTokenSource broken)
    {
        Oid[] oids = [];
        long[] found = [];
        byte[] frame = [];
        try
        {
            PeerQuestion question = PeerQuestion.Decode(body.Span, out ReadOnlySpan<Oid> asked);
            oids = ArrayPool<Oid>.Shared.Rent(question.Count);
            asked.CopyTo(oids);
            found = ArrayPool<long>.Shared.Rent(question.Count);
            PeerStatus status = await _answers.AnswerAsync(
                question.SequenceMin, oids.AsMemory(0, question.Count), found.AsMemory(0, question.Count), broken.Token).ConfigureAwait(false);
            var reply = new PeerReply(question.Number, status, question.Answer, question.Count);
            frame = ArrayPool<byte>.Shared.Rent(reply.FrameBytes);
            reply.Encode(frame, found);
            await writing.WaitAsync(broken.Token).ConfigureAwait(false);
            try
            {
                await connection.WriteAsync(frame.AsMemory(0, reply.FrameBytes), broken.Token).ConfigureAwait(false);
            }
            finally
            {
                writing.Release();
            }
        }
        catch (Exception end) when (end is IOException or GitFormatException or OperationCanceledException or ObjectDisposedException)
        {
            await broken.CancelAsync().ConfigureAwait(false);
        }
        finally
        {
            ArrayPool<Oid>.Shared.Return(oids);
            ArrayPool<long>.Shared.Return(found);
            ArrayPool<byte>.Shared.Return(frame);
            slots.Release();
        }
    }
}
