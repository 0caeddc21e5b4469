using Actors.Git;
using Actors.Git.Wire;
using Actors.TestKit.Servers;

namespace Actors.Fuzz.Targets;

/// <summary>Framing: what is read is what was written, and a part of the input never gives another line than the whole.</summary>
public sealed class PktLineTarget : IFuzzTarget
{
    public string Name => "pkt-line";

    public IEnumerable<byte[]> Seeds => [Pkt.Join(Pkt.Line("a\n"), Pkt.Line(""), Pkt.Delim, Pkt.Line("want 1"), Pkt.Flush), Pkt.Join(Pkt.ResponseEnd, Pkt.Line(new byte[300]))];

    public IEnumerable<byte[]> Dictionary => ["0000"u8.ToArray(), "0001"u8.ToArray(), "0003"u8.ToArray(), "0004"u8.ToArray(), "fff0"u8.ToArray(), "FFF1"u8.ToArray()];

    public void Run(ReadOnlySpan<byte> input)
    {
        Span<byte> written = stackalloc byte[PktLine.HeaderBytes];
        while (true)
        {
            int length = PktLine.Read(input, out PktLineKind kind, out ReadOnlySpan<byte> payload);
            if (length == 0)
            {
                return;
            }

            CheckParts(input, length, kind, payload);
            if (kind == PktLineKind.Data)
            {
                PktLine.WriteHeader(written, payload.Length);
                Check(System.Text.Ascii.EqualsIgnoreCase(written, input[..PktLine.HeaderBytes]), "the length reads back");
            }

            input = input[length..];
        }
    }

    private static void CheckParts(ReadOnlySpan<byte> input, int length, PktLineKind kind, ReadOnlySpan<byte> payload)
    {
        for (int part = 0; part < length; part += Math.Max(1, length / 16))
        {
            Check(PktLine.Read(input[..part], out _, out _) == 0, "a part asks for more");
        }

        Check(PktLine.Read(input[..length], out PktLineKind same, out ReadOnlySpan<byte> samePayload) == length && same == kind && samePayload.SequenceEqual(payload), "what follows changes nothing");
    }

    private static void Check(bool holds, string what)
    {
        if (!holds)
        {
            throw new InvalidOperationException($"Not so: {what}.");
        }
    }
}
