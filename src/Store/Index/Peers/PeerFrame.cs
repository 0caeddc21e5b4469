using System.Buffers.Binary;
using Actors.Git;

namespace Actors.Store.Index.Peers;

/// <summary>
/// How messages between processes of one store are cut: four bytes of length of what follows, one byte that says which message, its
/// body. All numbers of the protocol are little-endian. The one who is called speaks first (<see cref="PeerChallenge"/>), the caller
/// shows that it knows the store's secret and wants the same (<see cref="PeerProof"/>), the called one shows it too
/// (<see cref="PeerProof"/> again); then come questions and replies, any number on their way, in any order.
/// </summary>
internal static class PeerFrame
{
    /// <summary>Length and kind.</summary>
    public const int HeaderBytes = sizeof(int) + 1;

    /// <summary>Finds the first frame. False: more bytes are needed.</summary>
    /// <param name="bytes">What has come.</param>
    /// <param name="bodyBytesMax">What a body may have here.</param>
    /// <param name="kind">Which message.</param>
    /// <param name="bodyBytes">It follows the header.</param>
    /// <exception cref="GitFormatException">No frame begins so.</exception>
    public static bool TryRead(ReadOnlySpan<byte> bytes, int bodyBytesMax, out PeerMessageKind kind, out int bodyBytes)
    {
        kind = default;
        bodyBytes = 0;
        if (bytes.Length < HeaderBytes)
        {
            return false;
        }

        uint length = BinaryPrimitives.ReadUInt32LittleEndian(bytes);
        if (length == 0 || length - 1 > (uint)bodyBytesMax)
        {
            throw new GitFormatException(GitFormatError.OverLimit, $"A message between index processes says that it has {length} bytes", 0);
        }

        kind = (PeerMessageKind)bytes[sizeof(int)];
        if (kind is < PeerMessageKind.Challenge or > PeerMessageKind.Reply)
        {
            throw new GitFormatException(GitFormatError.Response, $"There is no message {(byte)kind} between index processes", sizeof(int));
        }

        bodyBytes = (int)length - 1;
        return bytes.Length >= HeaderBytes + bodyBytes;
    }

    /// <summary>Writes the header of a frame.</summary>
    public static void Write(Span<byte> bytes, PeerMessageKind kind, int bodyBytes)
    {
        BinaryPrimitives.WriteInt32LittleEndian(bytes, bodyBytes + 1);
        bytes[sizeof(int)] = (byte)kind;
    }
}
