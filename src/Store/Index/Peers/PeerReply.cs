using System.Buffers.Binary;
using Actors.Git;

namespace Actors.Store.Index.Peers;

/// <summary>
/// Answers a question: its number (4 bytes), how it was taken (1), what it asked for (1), how many oids (4), and then, if it was answered, a bit an
/// oid from the lowest of each byte on, the last byte filled with zeros, or eight bytes an oid.
/// </summary>
/// <param name="Number">Of the question.</param>
/// <param name="Status">How it was taken.</param>
/// <param name="Answer">What it asked for.</param>
/// <param name="Count">Oids.</param>
internal readonly record struct PeerReply(uint Number, PeerStatus Status, PeerAnswer Answer, int Count)
{
    public const int FixedBytes = 10;

    /// <summary>Bytes of a body at most.</summary>
    public const int BodyBytesMax = FixedBytes + (Limits.PeerOidsMax * sizeof(long));

    /// <summary>Bytes of the frame.</summary>
    public int FrameBytes => PeerFrame.HeaderBytes + FixedBytes + AnswerBytes;

    private int AnswerBytes => Status != PeerStatus.Ok ? 0 : Answer == PeerAnswer.Presence ? (Count + 7) / 8 : Count * sizeof(long);

    /// <summary>Writes the frame.</summary>
    /// <param name="frame">Of <see cref="FrameBytes"/>.</param>
    /// <param name="found">A pack's sequence, or -1, for each oid, if it is answered.</param>
    public void Encode(Span<byte> frame, ReadOnlySpan<long> found)
    {
        PeerFrame.Write(frame, PeerMessageKind.Reply, FixedBytes + AnswerBytes);
        Span<byte> body = frame[PeerFrame.HeaderBytes..];
        BinaryPrimitives.WriteUInt32LittleEndian(body, Number);
        body[4] = (byte)Status;
        body[5] = (byte)Answer;
        BinaryPrimitives.WriteInt32LittleEndian(body[6..], Count);
        Span<byte> answer = body.Slice(FixedBytes, AnswerBytes);
        if (Status != PeerStatus.Ok)
        {
            return;
        }

        answer.Clear();
        for (int i = 0; i < Count; i++)
        {
            if (Answer == PeerAnswer.Packs)
            {
                BinaryPrimitives.WriteInt64LittleEndian(answer[(i * sizeof(long))..], found[i]);
            }
            else if (found[i] >= 0)
            {
                answer[i >> 3] |= (byte)(1 << (i & 7));
            }
        }
    }

    /// <summary>Reads a body.</summary>
    /// <param name="body">Of a reply's frame.</param>
    /// <param name="answer">What <see cref="CopyTo"/> reads.</param>
    /// <exception cref="GitFormatException">No such message.</exception>
    public static PeerReply Decode(ReadOnlySpan<byte> body, out ReadOnlySpan<byte> answer)
    {
        if (body.Length is < FixedBytes or > BodyBytesMax)
        {
            throw new GitFormatException(GitFormatError.Response, $"A reply has {body.Length} bytes", body.Length);
        }

        var reply = new PeerReply(
            BinaryPrimitives.ReadUInt32LittleEndian(body), (PeerStatus)body[4], (PeerAnswer)body[5], BinaryPrimitives.ReadInt32LittleEndian(body[6..]));
        bool isKnown = reply.Status is PeerStatus.Ok or PeerStatus.NotHere or PeerStatus.Behind
            && reply.Answer is PeerAnswer.Presence or PeerAnswer.Packs && reply.Count is >= 0 and <= Limits.PeerOidsMax;
        if (!isKnown || body.Length != FixedBytes + reply.AnswerBytes)
        {
            throw new GitFormatException(GitFormatError.Response, "A reply says something unknown, or has another length than it says", 4);
        }

        answer = body[FixedBytes..];
        reply.Check(answer);
        return reply;
    }

    /// <summary>What was found: a pack's sequence for each oid, or 0 where only presence was asked; -1: absent.</summary>
    public void CopyTo(ReadOnlySpan<byte> answer, Span<long> found)
    {
        for (int i = 0; i < Count; i++)
        {
            found[i] = Answer == PeerAnswer.Packs
                ? BinaryPrimitives.ReadInt64LittleEndian(answer[(i * sizeof(long))..])
                : ((answer[i >> 3] >> (i & 7)) & 1) - 1;
        }
    }

    private void Check(ReadOnlySpan<byte> answer)
    {
        bool isOne = Status != PeerStatus.Ok || Answer != PeerAnswer.Presence || (Count & 7) == 0 || answer[^1] >> (Count & 7) == 0;
        for (int i = 0; isOne && Status == PeerStatus.Ok && Answer == PeerAnswer.Packs && i < Count; i++)
        {
            long pack = BinaryPrimitives.ReadInt64LittleEndian(answer[(i * sizeof(long))..]);
            isOne = pack is -1 or > 0;
        }

        if (!isOne)
        {
            throw new GitFormatException(GitFormatError.Response, "A reply has an answer that cannot be", FixedBytes);
        }
    }
}
