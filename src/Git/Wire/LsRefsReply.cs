using System.Buffers;
using System.Text;
using Actors.Git.Objects;
using Actors.Git.Refs;
using Actors.Git.Remotes;

namespace Actors.Git.Wire;

/// <summary>
/// Lines of an ls-refs reply (gitprotocol-v2, "ls-refs", output):
/// <c>obj-id-or-unborn SP refname *(SP ref-attribute) LF</c>, attributes <c>symref-target:</c> and <c>peeled:</c>.
/// </summary>
internal static class LsRefsReply
{
    private static readonly SearchValues<byte> HexDigits = SearchValues.Create("0123456789abcdef"u8);

    /// <summary>One line, as git's own server writes it: also the form into which v0's advertisement is brought.</summary>
    public static void Append(PktLineWriter writer, ReadOnlySpan<byte> oidHex, ReadOnlySpan<byte> name, ReadOnlySpan<byte> symrefTarget, ReadOnlySpan<byte> peeledHex)
    {
        Span<byte> line = new byte[oidHex.Length + name.Length + symrefTarget.Length + peeledHex.Length + 32];
        int length = 0;
        Put(line, oidHex, ref length);
        Put(line, " "u8, ref length);
        Put(line, name, ref length);
        if (!symrefTarget.IsEmpty)
        {
            Put(line, " symref-target:"u8, ref length);
            Put(line, symrefTarget, ref length);
        }

        if (!peeledHex.IsEmpty)
        {
            Put(line, " peeled:"u8, ref length);
            Put(line, peeledHex, ref length);
        }

        Put(line, "\n"u8, ref length);
        writer.Line(line[..length]);

        static void Put(Span<byte> line, ReadOnlySpan<byte> part, ref int length)
        {
            part.CopyTo(line[length..]);
            length += part.Length;
        }
    }

    /// <summary>The ref name in a line whose oid ends before <paramref name="nameStart"/>.</summary>
    public static ReadOnlySpan<byte> NameOf(ReadOnlySpan<byte> payload, int nameStart)
    {
        ReadOnlySpan<byte> name = payload[Math.Min(nameStart, payload.Length)..];
        int end = name.IndexOfAny((byte)' ', (byte)'\n');
        return end < 0 ? name : name[..end];
    }

    /// <summary>Parses lines that end before the flush-pkt; refs that were not selected are left out.</summary>
    /// <exception cref="GitFormatException">A line breaks the grammar.</exception>
    public static RefAdvertisement Parse(ReadOnlySpan<byte> lines, ObjectFormat format, RefSelection refs)
    {
        List<RefTip> tips = [];
        List<(RefName, string)> sha256Tips = [];
        RefName? unborn = null;
        int position = 0;
        while (position < lines.Length)
        {
            int length = PktLine.Read(lines[position..], out PktLineKind kind, out ReadOnlySpan<byte> payload);
            if (length == 0 || kind != PktLineKind.Data)
            {
                throw new GitFormatException(GitFormatError.Advertisement, "The reply ends inside its lines.", position);
            }

            ParseLine(PktLine.WithoutLineFeed(payload), format, refs, tips, sha256Tips, ref unborn, position);
            position += length;
        }

        return new(format, tips, sha256Tips, unborn);
    }

    private static void ParseLine(
        ReadOnlySpan<byte> line, ObjectFormat format, RefSelection refs, List<RefTip> tips, List<(RefName, string)> sha256Tips, ref RefName? unborn, int offset)
    {
        ReadOnlySpan<byte> oid = NextWord(ref line);
        ReadOnlySpan<byte> nameBytes = NextWord(ref line);
        RefName name = RefName.FromBytes(nameBytes);
        ReadAttributes(line, out ReadOnlySpan<byte> target, out ReadOnlySpan<byte> peeledHex);
        RefName? symref = target.IsEmpty ? null : RefName.FromBytes(target);
        bool selected = refs.Matches(nameBytes);
        if (oid.SequenceEqual("unborn"u8))
        {
            unborn = selected && name == RefName.Head ? symref : unborn;
        }
        else if (format == ObjectFormat.Sha256)
        {
            CheckSha256(oid, offset);
            if (selected)
            {
                sha256Tips.Add((name, Encoding.ASCII.GetString(oid)));
            }
        }
        else
        {
            RefTip tip = new(name, ParseOid(oid, offset), peeledHex.IsEmpty ? null : ParseOid(peeledHex, offset), symref);
            if (selected)
            {
                tips.Add(tip);
            }
        }
    }

    private static void ReadAttributes(ReadOnlySpan<byte> words, out ReadOnlySpan<byte> symrefTarget, out ReadOnlySpan<byte> peeledHex)
    {
        symrefTarget = default;
        peeledHex = default;
        while (!words.IsEmpty)
        {
            ReadOnlySpan<byte> word = NextWord(ref words);
            if (word.StartsWith("symref-target:"u8))
            {
                symrefTarget = word[14..];
            }
            else if (word.StartsWith("peeled:"u8))
            {
                peeledHex = word[7..];
            }

            // "Clients must ignore all unknown attributes": the grammar is open there.
        }
    }

    private static ReadOnlySpan<byte> NextWord(scoped ref ReadOnlySpan<byte> line)
    {
        int end = line.IndexOf((byte)' ');
        ReadOnlySpan<byte> word = end < 0 ? line : line[..end];
        line = end < 0 ? default : line[(end + 1)..];
        return word;
    }

    private static Oid ParseOid(ReadOnlySpan<byte> hex, int offset) => Oid.TryParse(hex, out Oid oid)
        ? oid
        : throw new GitFormatException(GitFormatError.Advertisement, "A line has no object id of 40 lower-case hex digits.", offset);

    private static void CheckSha256(ReadOnlySpan<byte> hex, int offset)
    {
        if (hex.Length != 64 || hex.ContainsAnyExcept(HexDigits))
        {
            throw new GitFormatException(GitFormatError.Advertisement, "A line has no object id of 64 lower-case hex digits.", offset);
        }
    }
}
