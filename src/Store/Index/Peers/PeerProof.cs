using System.Security.Cryptography;
using Actors.Git;

namespace Actors.Store.Index.Peers;

/// <summary>
/// Shows that the sender knows the store's secret: 32 bytes of its own chance, and HMAC-SHA-256 with the secret as the key over who it is
/// ("caller" or "called"), the called one's bytes of chance, and the caller's. It says who is there when a connection is made; the
/// connection itself is neither hidden nor guarded, as the network of one cluster's machines is.
/// </summary>
internal static class PeerProof
{
    public const int BodyBytes = PeerChallenge.NonceBytes + HMACSHA256.HashSizeInBytes;
    public const int FrameBytes = PeerFrame.HeaderBytes + BodyBytes;

    /// <param name="secret">The store's.</param>
    /// <param name="isCaller">Which side sends it.</param>
    /// <param name="calledNonce">Of the challenge.</param>
    /// <param name="callerNonce">The caller's own.</param>
    public static byte[] Encode(ReadOnlySpan<byte> secret, bool isCaller, ReadOnlySpan<byte> calledNonce, ReadOnlySpan<byte> callerNonce)
    {
        byte[] frame = new byte[FrameBytes];
        PeerFrame.Write(frame, PeerMessageKind.Proof, BodyBytes);
        callerNonce[..PeerChallenge.NonceBytes].CopyTo(frame.AsSpan(PeerFrame.HeaderBytes));
        Code(secret, isCaller, calledNonce, callerNonce).CopyTo(frame.AsSpan(PeerFrame.HeaderBytes + PeerChallenge.NonceBytes));
        return frame;
    }

    /// <summary>Whether the other side knows the secret.</summary>
    /// <exception cref="GitFormatException">No such message.</exception>
    public static bool IsTrue(ReadOnlySpan<byte> body, ReadOnlySpan<byte> secret, bool isCaller, ReadOnlySpan<byte> calledNonce, out byte[] callerNonce)
    {
        if (body.Length != BodyBytes)
        {
            throw new GitFormatException(GitFormatError.Response, "A proof of an index process has the wrong length", 0);
        }

        callerNonce = body[..PeerChallenge.NonceBytes].ToArray();
        return CryptographicOperations.FixedTimeEquals(body[PeerChallenge.NonceBytes..], Code(secret, isCaller, calledNonce, callerNonce));
    }

    private static byte[] Code(ReadOnlySpan<byte> secret, bool isCaller, ReadOnlySpan<byte> calledNonce, ReadOnlySpan<byte> callerNonce)
    {
        byte[] text = [.. isCaller ? "caller"u8 : "called"u8, .. calledNonce, .. callerNonce[..PeerChallenge.NonceBytes]];
        return HMACSHA256.HashData(secret, text);
    }
}
