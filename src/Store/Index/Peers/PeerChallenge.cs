using Actors.Git;

namespace Actors.Store.Index.Peers;

/// <summary>The first message, from the one who is called: 8 bytes that name the protocol and its version, 32 bytes of chance.</summary>
internal static class PeerChallenge
{
    public const int NonceBytes = 32;
    public const int BodyBytes = 8 + NonceBytes;
    public const int FrameBytes = PeerFrame.HeaderBytes + BodyBytes;

    private static ReadOnlySpan<byte> Magic => "ACTPEER1"u8;

    public static byte[] Encode(ReadOnlySpan<byte> nonce)
    {
        byte[] frame = new byte[FrameBytes];
        PeerFrame.Write(frame, PeerMessageKind.Challenge, BodyBytes);
        Magic.CopyTo(frame.AsSpan(PeerFrame.HeaderBytes));
        nonce[..NonceBytes].CopyTo(frame.AsSpan(PeerFrame.HeaderBytes + Magic.Length));
        return frame;
    }

    /// <returns>The bytes of chance.</returns>
    /// <exception cref="GitFormatException">Another protocol.</exception>
    public static ReadOnlySpan<byte> Decode(ReadOnlySpan<byte> body) =>
        body.Length == BodyBytes && body.StartsWith(Magic)
            ? body[Magic.Length..]
            : throw new GitFormatException(GitFormatError.Response, "An index process does not speak this protocol", 0);
}
