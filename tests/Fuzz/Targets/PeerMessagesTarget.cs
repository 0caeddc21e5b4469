using Actors.Git.Objects;
using Actors.Store.Index.Peers;

namespace Actors.Fuzz.Targets;

/// <summary>Messages between the index processes of a shared store: frames one after the other, each body as its kind; what is read is written as it came.</summary>
internal sealed class PeerMessagesTarget : IFuzzTarget
{
    private const int BodyBytesMax = 1 << 20;

    public string Name => "peer-messages";

    public IEnumerable<byte[]> Seeds =>
    [
        PeerChallenge.Encode(new byte[PeerChallenge.NonceBytes]),
        PeerProof.Encode(new byte[32], isCaller: true, new byte[PeerChallenge.NonceBytes], new byte[PeerChallenge.NonceBytes]),
        [.. Question(0), .. Question(3)],
        [.. Reply(PeerStatus.Ok, PeerAnswer.Presence, 11), .. Reply(PeerStatus.Ok, PeerAnswer.Packs, 3), .. Reply(PeerStatus.Behind, PeerAnswer.Packs, 3)],
    ];

    public IEnumerable<byte[]> Dictionary => ["ACTPEER1"u8.ToArray(), [0xff, 0xff, 0xff, 0xff], [0, 0, 1, 0], [1, 0, 1, 0], [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]];

    public void Run(ReadOnlySpan<byte> input)
    {
        while (PeerFrame.TryRead(input, BodyBytesMax, out PeerMessageKind kind, out int bodyBytes))
        {
            ReadOnlySpan<byte> frame = input[..(PeerFrame.HeaderBytes + bodyBytes)];
            byte[]? again = Again(kind, frame[PeerFrame.HeaderBytes..]);
            if (again is not null && !frame.SequenceEqual(again))
            {
                throw new InvalidOperationException($"A {kind} has two forms of bytes.");
            }

            input = input[frame.Length..];
        }
    }

    private static byte[]? Again(PeerMessageKind kind, ReadOnlySpan<byte> body)
    {
        switch (kind)
        {
            case PeerMessageKind.Challenge:
                return PeerChallenge.Encode(PeerChallenge.Decode(body));
            case PeerMessageKind.Question:
                PeerQuestion question = PeerQuestion.Decode(body, out ReadOnlySpan<Oid> oids);
                byte[] asked = new byte[question.FrameBytes];
                question.Encode(asked, oids);
                return asked;
            case PeerMessageKind.Reply:
                PeerReply reply = PeerReply.Decode(body, out ReadOnlySpan<byte> answer);
                long[] found = new long[reply.Status == PeerStatus.Ok ? reply.Count : 0];
                if (reply.Status == PeerStatus.Ok)
                {
                    reply.CopyTo(answer, found);
                }

                byte[] told = new byte[reply.FrameBytes];
                reply.Encode(told, found);
                return told;
            default:
                _ = PeerProof.IsTrue(body, new byte[32], isCaller: true, new byte[PeerChallenge.NonceBytes], out _);
                return null;
        }
    }

    private static byte[] Question(int count)
    {
        var question = new PeerQuestion(5, PeerAnswer.Presence, 77, count);
        byte[] frame = new byte[question.FrameBytes];
        question.Encode(frame, new Oid[count]);
        return frame;
    }

    private static byte[] Reply(PeerStatus status, PeerAnswer answer, int count)
    {
        var reply = new PeerReply(5, status, answer, count);
        byte[] frame = new byte[reply.FrameBytes];
        reply.Encode(frame, [.. Enumerable.Range(0, count).Select(i => i % 2 == 0 ? -1L : i)]);
        return frame;
    }
}
