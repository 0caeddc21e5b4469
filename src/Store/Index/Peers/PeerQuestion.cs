using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Actors.Git;
using Actors.Git.Objects;

namespace Actors.Store.Index.Peers;

/// <summary>Asks for a batch of oids: number (4 bytes), what for (1), the sequence that the answer must be of at least (8), the oids (20 each).</summary>
/// <param name="Number">Chosen by the asker; comes back with the reply.</param>
/// <param name="Answer">What for.</param>
/// <param name="SequenceMin">The asker has seen the store at this sequence.</param>
/// <param name="Count">Oids.</param>
internal readonly record struct PeerQuestion(uint Number, PeerAnswer Answer, long SequenceMin, int Count)
{
    public const int FixedBytes = 13;

    /// <summary>Bytes of a body at most.</summary>
    public const int BodyBytesMax = FixedBytes + (Limits.PeerOidsMax * Oid.Length);

    /// <summary>Bytes of the frame.</summary>
    public int FrameBytes => PeerFrame.HeaderBytes + FixedBytes + (Count * Oid.Length);

    /// <summary>Writes the frame.</summary>
    public void Encode(Span<byte> frame, ReadOnlySpan<Oid> oids)
    {
        PeerFrame.Write(frame, PeerMessageKind.Question, FixedBytes + (Count * Oid.Length));
        Span<byte> body = frame[PeerFrame.HeaderBytes..];
        BinaryPrimitives.WriteUInt32LittleEndian(body, Number);
        body[4] = (byte)Answer;
        BinaryPrimitives.WriteInt64LittleEndian(body[5..], SequenceMin);
        MemoryMarshal.AsBytes(oids[..Count]).CopyTo(body[FixedBytes..]);
    }

    /// <summary>Reads a body; the oids are those bytes themselves.</summary>
    /// <exception cref="GitFormatException">No such message.</exception>
    public static PeerQuestion Decode(ReadOnlySpan<byte> body, out ReadOnlySpan<Oid> oids)
    {
        if (body.Length < FixedBytes || (body.Length - FixedBytes) % Oid.Length != 0 || body.Length > BodyBytesMax)
        {
            throw new GitFormatException(GitFormatError.Response, $"A question has {body.Length} bytes", body.Length);
        }

        oids = MemoryMarshal.Cast<byte, Oid>(body[FixedBytes..]);
        var question = new PeerQuestion(
            BinaryPrimitives.ReadUInt32LittleEndian(body), (PeerAnswer)body[4], BinaryPrimitives.ReadInt64LittleEndian(body[5..]), oids.Length);
        return question.Answer is PeerAnswer.Presence or PeerAnswer.Packs && question.SequenceMin >= 0
            ? question
            : throw new GitFormatException(GitFormatError.Response, "A question asks for something unknown", 4);
    }
}
