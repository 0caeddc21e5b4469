using Actors.Git;
using Actors.Store.Index.Peers;
using Xunit;
using Oid = Actors.Git.Objects.Oid;

namespace Actors.Store.Tests.Index.Peers;

public sealed class PeerMessagesTests
{
    private static readonly byte[] Secret = new byte[32];

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(8)]
    [InlineData(1001)]
    public void A_question_is_read_as_it_was_written(int count)
    {
        var random = new Random(count);
        Oid[] oids = IndexDirectory.RandomOids(random, count);
        var question = new PeerQuestion(0xfedcba98, PeerAnswer.Packs, 1L << 40, count);
        byte[] frame = new byte[question.FrameBytes];
        question.Encode(frame, oids);
        Assert.True(PeerFrame.TryRead(frame, PeerQuestion.BodyBytesMax, out PeerMessageKind kind, out int bodyBytes));
        Assert.Equal((PeerMessageKind.Question, frame.Length - PeerFrame.HeaderBytes), (kind, bodyBytes));
        Assert.Equal(question, PeerQuestion.Decode(frame.AsSpan(PeerFrame.HeaderBytes), out ReadOnlySpan<Oid> read));
        Assert.Equal(oids, read.ToArray());
    }

    [Theory]
    [InlineData((byte)PeerAnswer.Presence, 0)]
    [InlineData((byte)PeerAnswer.Presence, 1)]
    [InlineData((byte)PeerAnswer.Presence, 16)]
    [InlineData((byte)PeerAnswer.Presence, 1001)]
    [InlineData((byte)PeerAnswer.Packs, 1001)]
    public void A_reply_is_read_as_it_was_written(byte answer, int count)
    {
        var random = new Random(count);
        long[] found = [.. Enumerable.Range(0, count).Select(_ => random.Next(2) == 0 ? -1 : random.NextInt64(1, long.MaxValue))];
        var reply = new PeerReply(7, PeerStatus.Ok, (PeerAnswer)answer, count);
        byte[] frame = new byte[reply.FrameBytes];
        frame.AsSpan().Fill(0xff);
        reply.Encode(frame, found);
        Assert.Equal(reply, PeerReply.Decode(frame.AsSpan(PeerFrame.HeaderBytes), out ReadOnlySpan<byte> bytes));
        long[] read = new long[count];
        reply.CopyTo(bytes, read);
        Assert.Equal((PeerAnswer)answer == PeerAnswer.Packs ? found : found.Select(pack => pack < 0 ? -1L : 0), read);
    }

    [Theory]
    [InlineData((byte)PeerStatus.Behind)]
    [InlineData((byte)PeerStatus.NotHere)]
    public void A_refusal_has_no_answer(byte status)
    {
        var reply = new PeerReply(7, (PeerStatus)status, PeerAnswer.Packs, 500);
        byte[] frame = new byte[reply.FrameBytes];
        Assert.Equal(PeerFrame.HeaderBytes + PeerReply.FixedBytes, frame.Length);
        reply.Encode(frame, []);
        Assert.Equal(reply, PeerReply.Decode(frame.AsSpan(PeerFrame.HeaderBytes), out ReadOnlySpan<byte> bytes));
        Assert.True(bytes.IsEmpty);
    }

    [Fact]
    public void A_proof_is_true_for_the_secret_the_side_and_the_challenge_that_it_was_made_for()
    {
        byte[] called = [.. Enumerable.Range(0, 32).Select(i => (byte)i)];
        byte[] caller = [.. Enumerable.Range(50, 32).Select(i => (byte)i)];
        byte[] body = PeerProof.Encode(Secret, isCaller: true, called, caller)[PeerFrame.HeaderBytes..];
        Assert.True(PeerProof.IsTrue(body, Secret, isCaller: true, called, out byte[] echoed));
        Assert.Equal(caller, echoed);
        Assert.False(PeerProof.IsTrue(body, Secret, isCaller: false, called, out _));
        Assert.False(PeerProof.IsTrue(body, [.. Secret.SkipLast(1), 1], isCaller: true, called, out _));
        Assert.False(PeerProof.IsTrue(body, Secret, isCaller: true, caller, out _));
        body[0] ^= 1;
        Assert.False(PeerProof.IsTrue(body, Secret, isCaller: true, called, out _));
        Assert.Throws<GitFormatException>(() => PeerProof.IsTrue(body.AsSpan(1), Secret, isCaller: true, called, out _));
    }

    [Fact]
    public void A_challenge_names_the_protocol()
    {
        byte[] nonce = [.. Enumerable.Range(0, 32).Select(i => (byte)i)];
        byte[] body = PeerChallenge.Encode(nonce)[PeerFrame.HeaderBytes..];
        Assert.Equal(nonce, PeerChallenge.Decode(body).ToArray());
        body[7] = (byte)'2';
        Assert.Throws<GitFormatException>(() => PeerChallenge.Decode(body));
    }

    [Theory]
    [InlineData("00000000" + "03")]
    [InlineData("ffffffff" + "03")]
    [InlineData("0e00000f" + "03")]
    [InlineData("0e000000" + "00")]
    [InlineData("0e000000" + "05")]
    public void A_frame_that_cannot_be_is_refused_before_its_body_comes(string hex) =>
        Assert.Throws<GitFormatException>(() => PeerFrame.TryRead(Convert.FromHexString(hex), PeerQuestion.BodyBytesMax, out _, out _));

    [Theory]
    [InlineData("question", "01000000" + "03" + "0000000000000000")] // Asks for something unknown.
    [InlineData("question", "01000000" + "01" + "00000000000000ff")] // A negative sequence.
    [InlineData("question", "01000000" + "01" + "0000000000000000" + "aa")] // A part of an oid.
    [InlineData("question", "0100")]
    [InlineData("reply", "01000000" + "03" + "01" + "00000000")] // An unknown status.
    [InlineData("reply", "01000000" + "00" + "03" + "00000000")] // An unknown kind of answer.
    [InlineData("reply", "01000000" + "00" + "01" + "08000000")] // No answer.
    [InlineData("reply", "01000000" + "00" + "01" + "08000000" + "ffff")] // Too much of it.
    [InlineData("reply", "01000000" + "00" + "01" + "03000000" + "0f")] // A bit too many.
    [InlineData("reply", "01000000" + "00" + "01" + "ffffffff")] // A negative count.
    [InlineData("reply", "01000000" + "00" + "02" + "01000000" + "0000000000000000")] // There is no pack 0.
    [InlineData("reply", "01000000" + "00" + "02" + "01000000" + "feffffffffffffff")] // Nor -2.
    [InlineData("reply", "01000000" + "02" + "02" + "01000000" + "0100000000000000")] // A refusal with an answer.
    public void A_body_that_cannot_be_is_refused(string message, string hex)
    {
        byte[] body = Convert.FromHexString(hex);
        Assert.Throws<GitFormatException>(() =>
        {
            if (message == "question")
            {
                PeerQuestion.Decode(body, out _);
            }
            else
            {
                PeerReply.Decode(body, out _);
            }
        });
    }
}
