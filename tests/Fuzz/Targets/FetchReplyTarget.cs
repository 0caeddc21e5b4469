using Actors.Git;
using Actors.Git.Objects;
using Actors.Git.Refs;
using Actors.Git.Remotes;
using Actors.Git.Transport;
using Actors.Git.Wire;
using Actors.TestKit.Servers;

namespace Actors.Fuzz.Targets;

/// <summary>A server's side of a negotiation and its pack, in v2 and v0: always a result, never an exception.</summary>
public sealed class FetchReplyTarget : IFuzzTarget
{
    private static readonly Oid Want = Oid.Parse(new string('1', 40));
    private static readonly Oid Have = Oid.Parse(new string('2', 40));
    private static readonly DeadlinePool Deadlines = new(TimeProvider.System);

    public string Name => "fetch-reply";

    public IEnumerable<byte[]> Seeds =>
    [
        Pkt.Join(Pkt.Line("acknowledgments\n"), Pkt.Line($"ACK {Have}\n"), Pkt.Line("ready\n"), Pkt.Delim, Pkt.Line("shallow-info\n"), Pkt.Line($"shallow {Want}\n"), Pkt.Delim, Pkt.Line("packfile\n"), Pkt.Sideband(2, "x\n"u8), Pkt.Sideband(1, "PACK"u8), Pkt.Flush),
        Pkt.Join(Pkt.Line("acknowledgments\n"), Pkt.Line("NAK\n"), Pkt.Flush, Pkt.Line("packfile\n"), Pkt.Sideband(3, "no"u8)),
        Pkt.Join(Pkt.Line($"ACK {Have} common\n"), Pkt.Line($"ACK {Have} ready\n"), Pkt.Line("NAK\n"), Pkt.Line($"ACK {Have}\n"), Pkt.Sideband(1, "PACK"u8), Pkt.Flush),
        Pkt.Line("ERR upload-pack: not our ref 1"),
    ];

    public IEnumerable<byte[]> Dictionary =>
    [
        "0000"u8.ToArray(), "0001"u8.ToArray(), "ready\n"u8.ToArray(), "NAK\n"u8.ToArray(), "ACK "u8.ToArray(), " common"u8.ToArray(), "packfile\n"u8.ToArray(), "unshallow "u8.ToArray(), "ERR "u8.ToArray(),
    ];

    public int Iterations => 4000;

    public void Run(ReadOnlySpan<byte> input)
    {
        FetchRequest request = new() { Wants = [Want], Haves = [Have] };
        LegacyAdvertisement advertisement = InitialResponse.Parse(
            Pkt.Join(Pkt.Line($"{Want} HEAD\0multi_ack_detailed no-done side-band-64k\n"), Pkt.Flush), RefSelection.All).Legacy!;
        byte[] bytes = input.ToArray();
        Play(bytes, channel => new V2FetchSession(channel, request));
        Play(bytes, channel => new LegacyFetchSession(channel, request, advertisement));
    }

    private static void Play(byte[] bytes, Func<FetchChannel, FetchSession> open)
    {
        using Deadline deadline = Deadlines.Rent(TimeSpan.FromMinutes(1), Timeout.InfiniteTimeSpan, default);
        using PktLineReader reader = new(new MemoryStream(bytes), deadline);
        FetchResult result = open(new Channel(reader)).RunAsync((pack, stop) => pack.CopyToAsync(Stream.Null, stop), default).GetAwaiter().GetResult();
        if (result.PackReceived == result.Failure is not null && result.PackReceived)
        {
            throw new InvalidOperationException("A pack was received and the fetch failed.");
        }
    }

    private sealed class Channel(PktLineReader reader) : FetchChannel
    {
        public override bool IsStateless => false;

        public override long BytesReceived => reader.BytesRead;

        public override ValueTask<PktLineReader> SendAsync(ReadOnlyMemory<byte> message)
        {
            Requests++;
            return ValueTask.FromResult(reader);
        }

        public override ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
