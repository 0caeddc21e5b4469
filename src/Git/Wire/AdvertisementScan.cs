using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Actors.Git.Refs;
using Actors.Git.Remotes;

namespace Actors.Git.Wire;

/// <summary>
/// The probe's hot step: walks only the frames of an ls-refs reply (gitprotocol-v2, "ls-refs", output) to see its end,
/// an error, or a line that was not selected; nothing is parsed.
/// </summary>
/// <param name="State">How it ends.</param>
/// <param name="LinesBytes">Bytes before the flush-pkt; where <see cref="AdvertisementState.Error"/>, before the error-line.</param>
/// <param name="AllSelected">Every line is a selected ref: the bytes are the digest's input as they stand.</param>
internal readonly record struct AdvertisementScan(AdvertisementState State, int LinesBytes, bool AllSelected)
{
    /// <summary>Scans a whole reply.</summary>
    public static AdvertisementScan Of(ReadOnlySpan<byte> reply, ObjectFormat format, RefSelection refs)
    {
        if (reply.IsEmpty)
        {
            return new(AdvertisementState.Empty, 0, true);
        }

        int nameStart = format == ObjectFormat.Sha1 ? 41 : 65;
        int position = 0;
        int lines = 0;
        bool allSelected = true;
        while (position < reply.Length)
        {
            int length = ReadFrame(reply[position..], out PktLineKind kind, out ReadOnlySpan<byte> payload);
            if (length <= 0)
            {
                return new(length == 0 ? AdvertisementState.CutOff : AdvertisementState.Odd, position, allSelected);
            }

            if (kind == PktLineKind.Flush)
            {
                bool last = position + length == reply.Length;
                return new(last ? AdvertisementState.Complete : AdvertisementState.Odd, position, allSelected);
            }

            if (kind != PktLineKind.Data)
            {
                return new(AdvertisementState.Odd, position, allSelected);
            }

            if (RemoteMessage.IsError(payload, out _))
            {
                return new(AdvertisementState.Error, position, allSelected);
            }

            if (++lines > Limits.AdvertisedRefsMax)
            {
                return new(AdvertisementState.OverLimit, position, allSelected);
            }

            bool unborn = payload.StartsWith("unborn "u8);
            if (!unborn && (payload.Length <= nameStart || payload[nameStart - 1] != (byte)' '))
            {
                return new(AdvertisementState.Odd, position, allSelected);
            }

            allSelected &= !unborn && refs.Matches(LsRefsReply.NameOf(payload, nameStart));
            position += length;
        }

        return new(AdvertisementState.CutOff, position, allSelected);
    }

    /// <summary>
    /// What a digest begins with: the selection's text and LF. A reply is read into memory behind it, so that one call hashes both.
    /// </summary>
    public static byte[] DigestPrefix(RefSelection refs) => Encoding.UTF8.GetBytes(refs.Text + "\n");

    /// <summary>The digest of prefix and lines.</summary>
    public static AdvertisementDigest Digest(ReadOnlySpan<byte> prefixAndLines)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(prefixAndLines, hash);
        return new(BinaryPrimitives.ReadUInt64BigEndian(hash), BinaryPrimitives.ReadUInt64BigEndian(hash[8..]));
    }

    /// <summary>
    /// Only the selected refs' lines, for servers that show more than was asked. An unborn HEAD is left out too: v0 and
    /// servers that were not asked for it cannot tell it, and it points to no object.
    /// </summary>
    public static byte[] SelectedLines(ReadOnlySpan<byte> prefix, ReadOnlySpan<byte> lines, ObjectFormat format, RefSelection refs)
    {
        int nameStart = format == ObjectFormat.Sha1 ? 41 : 65;
        byte[] selected = new byte[prefix.Length + lines.Length];
        prefix.CopyTo(selected);
        int position = prefix.Length;
        while (!lines.IsEmpty)
        {
            int length = PktLine.Read(lines, out _, out ReadOnlySpan<byte> payload);
            if (!payload.StartsWith("unborn "u8) && refs.Matches(LsRefsReply.NameOf(payload, nameStart)))
            {
                lines[..length].CopyTo(selected.AsSpan(position));
                position += length;
            }

            lines = lines[length..];
        }

        return selected[..position];
    }

    // As PktLine.Read, with -1 for what it throws on: an odd answer is a usual thing here, and the next question is a GET.
    private static int ReadFrame(ReadOnlySpan<byte> input, out PktLineKind kind, out ReadOnlySpan<byte> payload)
    {
        try
        {
            return PktLine.Read(input, out kind, out payload);
        }
        catch (GitFormatException)
        {
            kind = PktLineKind.Data;
            payload = default;
            return -1;
        }
    }
}
