using System.Net;
using System.Net.Sockets;
using Actors.Store.Index.Peers;
using Xunit;
using Oid = Actors.Git.Objects.Oid;

namespace Actors.Store.Tests.Index.Peers;

public sealed class PeerConnectionTests : IAsyncDisposable
{
    private static readonly byte[] Secret = [.. Enumerable.Range(0, 32).Select(i => (byte)i)];

    private readonly EvenOids _answers = new();
    private readonly PeerServer _server;

    public PeerConnectionTests() => _server = PeerServer.Listen(new IPEndPoint(IPAddress.Loopback, 0), _answers, Secret, TimeProvider.System);

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task Many_questions_on_one_connection_each_get_their_own_answer()
    {
        await using PeerConnection connection = await OpenAsync();
        var random = new Random(3);
        await Parallel.ForAsync(0, 300, new ParallelOptions { MaxDegreeOfParallelism = 100 }, async (i, stop) =>
        {
            Oid[] oids = Ids(random, i);
            long[] found = new long[oids.Length];
            Assert.Equal(PeerStatus.Ok, await connection.AskAsync(PeerAnswer.Packs, i, oids, found, stop));
            Assert.Equal(oids.Select(oid => EvenOids.PackOf(oid, i)), found);
        });
    }

    [Fact]
    public async Task Answers_may_come_in_another_order()
    {
        await using PeerConnection connection = await OpenAsync();
        _answers.Wait = new TaskCompletionSource();
        Task<PeerStatus> first = connection.AskAsync(PeerAnswer.Presence, EvenOids.Waits, Ids(new Random(1), 9), new long[9], default);
        Assert.Equal(PeerStatus.Ok, await connection.AskAsync(PeerAnswer.Presence, 1, Ids(new Random(2), 9), new long[9], default));
        Assert.False(first.IsCompleted);
        _answers.Wait.SetResult();
        Assert.Equal(PeerStatus.Ok, await first);
    }

    [Fact]
    public async Task An_answer_to_a_question_that_is_not_waited_for_any_more_goes_nowhere()
    {
        await using PeerConnection connection = await OpenAsync();
        _answers.Wait = new TaskCompletionSource();
        using var impatient = new CancellationTokenSource();
        long[] found = [.. Enumerable.Repeat(4711L, 9)];
        Task<PeerStatus> asking = connection.AskAsync(PeerAnswer.Packs, EvenOids.Waits, Ids(new Random(1), 9), found, impatient.Token);
        await _answers.HasBegun.Task;
        await impatient.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asking);
        _answers.Wait.SetResult();
        long[] other = new long[9];
        Assert.Equal(PeerStatus.Ok, await connection.AskAsync(PeerAnswer.Packs, 1, Ids(new Random(2), 9), other, default));
        Assert.All(found, pack => Assert.Equal(4711L, pack));
    }

    [Fact]
    public async Task A_server_that_ends_ends_the_questions()
    {
        await using PeerConnection connection = await OpenAsync();
        _answers.Wait = new TaskCompletionSource();
        Task<PeerStatus> asking = connection.AskAsync(PeerAnswer.Packs, EvenOids.Waits, Ids(new Random(1), 9), new long[9], default);
        await _answers.HasBegun.Task;
        _answers.Wait.SetCanceled();
        await _server.DisposeAsync();
        await Assert.ThrowsAsync<IOException>(() => asking);
        await Assert.ThrowsAsync<IOException>(() => connection.AskAsync(PeerAnswer.Packs, 1, Ids(new Random(1), 9), new long[9], default));
    }

    [Theory]
    [InlineData("474554202f20485454502f312e310d0a0d0a")] // Another protocol.
    [InlineData("ffffffff04")]
    [InlineData("4100000002" + "00000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000")] // A proof of nothing.
    [InlineData("0e00000003" + "01000000010000000000000000")] // A question before any proof.
    public async Task Who_does_not_show_that_it_knows_the_secret_gets_no_answer_and_others_do(string hex)
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(_server.EndPoint);
        byte[] challenge = new byte[PeerChallenge.FrameBytes];
        for (int read = 0; read < challenge.Length;)
        {
            read += await socket.ReceiveAsync(challenge.AsMemory(read));
        }

        await socket.SendAsync(Convert.FromHexString(hex));
        Assert.Equal(0, await ReceiveOrResetAsync(socket));
        await using PeerConnection connection = await OpenAsync();
        Assert.Equal(PeerStatus.Ok, await connection.AskAsync(PeerAnswer.Packs, 1, Ids(new Random(1), 9), new long[9], default));
    }

    [Theory]
    [InlineData("0b00000004" + "01000000" + "00" + "01" + "02000000" + "03")] // Of two oids, where three were asked.
    [InlineData("0c00000004" + "01000000" + "00" + "01" + "03000000" + "ff")] // Cut off, then silence: the end of the connection.
    [InlineData("0b00000004" + "01000000" + "09" + "01" + "03000000")]
    [InlineData("ffffff7f04")]
    public async Task A_server_that_knows_the_secret_and_then_talks_nonsense_is_left(string hex)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        Task serving = Task.Run(async () =>
        {
            using TcpClient client = await listener.AcceptTcpClientAsync();
            NetworkStream stream = client.GetStream();
            byte[] nonce = new byte[32];
            await stream.WriteAsync(PeerChallenge.Encode(nonce));
            byte[] proof = new byte[PeerProof.FrameBytes];
            await stream.ReadExactlyAsync(proof);
            Assert.True(PeerProof.IsTrue(proof.AsSpan(PeerFrame.HeaderBytes), Secret, isCaller: true, nonce, out byte[] callerNonce));
            await stream.WriteAsync(PeerProof.Encode(Secret, isCaller: false, nonce, callerNonce));
            await stream.ReadExactlyAsync(new byte[new PeerQuestion(0, 0, 0, 3).FrameBytes]);
            await stream.WriteAsync(Convert.FromHexString(hex));
        });
        await using PeerConnection connection = await PeerConnection.OpenAsync("127.0.0.1", ((IPEndPoint)listener.LocalEndpoint).Port, Secret, default);
        await Assert.ThrowsAsync<IOException>(() => connection.AskAsync(PeerAnswer.Presence, 1, Ids(new Random(1), 3), new long[3], default));
        Assert.True(connection.IsBroken);
        await serving;
    }

    private Task<PeerConnection> OpenAsync() => PeerConnection.OpenAsync("127.0.0.1", _server.EndPoint.Port, Secret, default);

    private static Oid[] Ids(Random random, int count)
    {
        lock (random)
        {
            return [.. Enumerable.Range(0, count).Select(_ => IndexDirectory.RandomOid(random))];
        }
    }

    private static async Task<int> ReceiveOrResetAsync(Socket socket)
    {
        try
        {
            return await socket.ReceiveAsync(new byte[100]);
        }
        catch (SocketException)
        {
            return 0;
        }
    }

    /// <summary>Knows every second oid, in a pack that the question's sequence names.</summary>
    private sealed class EvenOids : IPeerAnswers
    {
        /// <summary>Questions of this sequence wait.</summary>
        public const long Waits = 1_000_000;

        public TaskCompletionSource Wait { get; set; } = new();

        public TaskCompletionSource HasBegun { get; } = new();

        public static long PackOf(Oid oid, long sequence) => oid.Prefix % 2 == 0 ? sequence + 1 : -1;

        public async ValueTask<PeerStatus> AnswerAsync(long sequenceMin, ReadOnlyMemory<Oid> oids, Memory<long> found, CancellationToken cancellationToken)
        {
            if (sequenceMin == Waits)
            {
                HasBegun.TrySetResult();
                await Wait.Task;
            }

            for (int i = 0; i < oids.Length; i++)
            {
                found.Span[i] = PackOf(oids.Span[i], sequenceMin);
            }

            return PeerStatus.Ok;
        }
    }
}
