using System.Text;
using Actors.Git.Objects;
using Actors.Git.Refs;
using Actors.Store.Heads;

namespace Actors.Sync.Mirrors;

/// <summary>
/// A mirror's refs: from a snapshot to <c>info/refs</c> and <c>HEAD</c>, and back. The format is that of
/// <c>git update-server-info</c>: oid, TAB, name, LF, a peeled tag in a further line with <c>^{}</c>.
/// </summary>
internal static class MirrorRefs
{
    /// <summary>Where tips are kept that the source no longer has: a namespace that neither a clone nor a fetch asks for by default.</summary>
    public static ReadOnlySpan<byte> HistoryPrefix => "refs/actors/history/"u8;

    /// <summary>A branch that cannot be, for a HEAD that points nowhere (git's reftable backend writes the same).</summary>
    private static ReadOnlySpan<byte> NoBranch => "refs/heads/.invalid"u8;

    /// <summary>The source's refs in order of name: without HEAD, what points nowhere, and what would lie in our own namespace.</summary>
    public static List<MirrorRef> Of(Snapshot snapshot) =>
    [
        .. snapshot.Branches
            .Where(branch => !branch.Oid.IsZero && branch.Name.StartsWith("refs/"u8) && !branch.Name.StartsWith(HistoryPrefix))
            .Select(branch => new MirrorRef(branch.Name, branch.Oid, branch.Peeled ?? PeeledAt(snapshot, branch))),
    ];

    public static bool IsHistory(MirrorRef one) => one.Name.StartsWith(HistoryPrefix);

    /// <summary>What HEAD points to when it names no branch.</summary>
    public static Oid? DetachedHead(Snapshot snapshot) =>
        HeadOf(snapshot) is { AliasOf: null, Oid.IsZero: false } head ? head.Oid : null;

    /// <summary>The text of <c>HEAD</c> (gitrepository-layout): a symref, also to a branch not made yet, or an oid.</summary>
    public static byte[] FormatHead(Snapshot snapshot)
    {
        SnapshotBranch? head = HeadOf(snapshot);
        if (head is { AliasOf: null, Oid.IsZero: false })
        {
            return Encoding.ASCII.GetBytes($"{head.Oid}\n");
        }

        // A source without HEAD: no branch is checked out, as by a clone of the source. An empty one gets the usual name.
        ReadOnlySpan<byte> target = head?.AliasOf is { } branch ? branch.Bytes
            : snapshot.Branches.Count == 0 ? "refs/heads/main"u8
            : NoBranch;
        return [.. "ref: "u8, .. target, (byte)'\n'];
    }

    public static byte[] Format(IEnumerable<MirrorRef> refs)
    {
        using MemoryStream text = new();
        Span<byte> hex = stackalloc byte[Oid.HexLength];
        foreach (MirrorRef one in refs.OrderBy(one => one.Name))
        {
            WriteLine(text, hex, one.Oid, one.Name, ""u8);
            if (one.Peeled is { } peeled)
            {
                WriteLine(text, hex, peeled, one.Name, "^{}"u8);
            }
        }

        return text.ToArray();
    }

    /// <exception cref="InvalidDataException">No such text.</exception>
    public static List<MirrorRef> Parse(ReadOnlySpan<byte> text)
    {
        List<MirrorRef> refs = [];
        while (!text.IsEmpty)
        {
            int end = text.IndexOf((byte)'\n');
            ReadOnlySpan<byte> line = end < 0 ? text : text[..end];
            text = end < 0 ? default : text[(end + 1)..];
            if (line.Length <= Oid.HexLength + 1 || line[Oid.HexLength] != '\t' || !Oid.TryParse(line[..Oid.HexLength], out Oid oid))
            {
                throw new InvalidDataException($"The mirror's info/refs is damaged after {refs.Count} refs.");
            }

            ReadOnlySpan<byte> name = line[(Oid.HexLength + 1)..];
            if (name.EndsWith("^{}"u8) && refs.Count > 0 && refs[^1].Name.Bytes.SequenceEqual(name[..^3]))
            {
                refs[^1] = refs[^1] with { Peeled = oid };
            }
            else
            {
                refs.Add(new MirrorRef(NameOf(name), oid, null));
            }
        }

        return refs;
    }

    /// <summary>gitrepository-layout, <c>objects/info/packs</c>: a line a pack, an empty one at the end, as git writes it.</summary>
    public static byte[] FormatPacks(IEnumerable<MirrorPack> packs) =>
        Encoding.ASCII.GetBytes(string.Concat(packs.Select(pack => $"P pack-{pack.Name}.pack\n")) + "\n");

    private static SnapshotBranch? HeadOf(Snapshot snapshot) => snapshot.Branches.FirstOrDefault(branch => branch.Name == RefName.Head);

    /// <summary>A symref to an annotated tag shows what the tag shows.</summary>
    private static Oid? PeeledAt(Snapshot snapshot, SnapshotBranch branch) =>
        branch.AliasOf is { } target ? snapshot.Branches.FirstOrDefault(other => other.Name == target)?.Peeled : null;

    private static RefName NameOf(ReadOnlySpan<byte> name)
    {
        try
        {
            return RefName.FromBytes(name);
        }
        catch (Git.GitFormatException e)
        {
            throw new InvalidDataException($"The mirror's info/refs is damaged: {e.Message}", e);
        }
    }

    private static void WriteLine(MemoryStream text, Span<byte> hex, Oid oid, RefName name, ReadOnlySpan<byte> suffix)
    {
        oid.FormatHex(hex);
        text.Write(hex);
        text.WriteByte((byte)'\t');
        text.Write(name.Bytes);
        text.Write(suffix);
        text.WriteByte((byte)'\n');
    }
}
