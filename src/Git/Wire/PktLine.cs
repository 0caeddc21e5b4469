namespace Actors.Git.Wire;

/// <summary>
/// The framing under every message (gitprotocol-common, "pkt-line Format"): four hex digits of length, which count
/// themselves, then the payload. The one parser of it; <see cref="PktLineReader"/> feeds it from streams.
/// </summary>
internal static class PktLine
{
    /// <summary>Bytes of the length.</summary>
    public const int HeaderBytes = 4;

    /// <summary>
    /// Reads the line at the start of <paramref name="input"/>. Returns the bytes that it takes, or 0 when the input
    /// holds only a part of it: give more and ask again.
    /// </summary>
    /// <exception cref="GitFormatException">The length is no hex number, is 3, or is above the limit.</exception>
    public static int Read(ReadOnlySpan<byte> input, out PktLineKind kind, out ReadOnlySpan<byte> payload)
    {
        kind = PktLineKind.Data;
        payload = default;
        if (input.Length < HeaderBytes)
        {
            // A wrong digit is told at once: "<htm" must not wait for more.
            foreach (byte digit in input)
            {
                _ = HexValue(digit);
            }

            return 0;
        }

        int length = (HexValue(input[0]) << 12) | (HexValue(input[1]) << 8) | (HexValue(input[2]) << 4) | HexValue(input[3]);
        if (length <= 2)
        {
            kind = (PktLineKind)(length + (int)PktLineKind.Flush);
            return HeaderBytes;
        }

        if (length == 3 || length > Limits.PktLinePayloadBytesMax + HeaderBytes)
        {
            throw new GitFormatException(GitFormatError.PktLine, $"A pkt-line of length {length} cannot be.");
        }

        if (input.Length < length)
        {
            return 0;
        }

        payload = input[HeaderBytes..length];
        return length;
    }

    /// <summary>Writes the four digits for a payload of that many bytes.</summary>
    public static void WriteHeader(Span<byte> destination, int payloadBytes)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(payloadBytes, Limits.PktLinePayloadBytesMax);
        int length = payloadBytes + HeaderBytes;
        for (int i = 0; i < HeaderBytes; i++)
        {
            destination[i] = "0123456789abcdef"u8[(length >> (12 - 4 * i)) & 15];
        }
    }

    /// <summary>The payload without its LF: text lines should have one, receivers must not insist (gitprotocol-common).</summary>
    public static ReadOnlySpan<byte> WithoutLineFeed(ReadOnlySpan<byte> payload) =>
        payload.Length > 0 && payload[^1] == (byte)'\n' ? payload[..^1] : payload;

    private static int HexValue(byte digit) => digit switch
    {
        >= (byte)'0' and <= (byte)'9' => digit - '0',
        >= (byte)'a' and <= (byte)'f' => digit - 'a' + 10,
        >= (byte)'A' and <= (byte)'F' => digit - 'A' + 10,
        _ => throw new GitFormatException(GitFormatError.PktLine, "A pkt-line does not begin with four hex digits."),
    };
}
