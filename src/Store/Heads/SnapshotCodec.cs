using System.Buffers;
using Actors.Git;
using Actors.Git.Objects;
using Actors.Git.Refs;

namespace Actors.Store.Heads;

/// <summary>
/// Snapshots as bytes. One form for one list of branches, so that decode after encode and encode after decode are the identity.
/// <code>
/// whole  = count *branch
/// branch = shared rest name[rest] target          ; shared: bytes that the name has in common with the one before
/// target = flags [length aliasOf[length]] [oid] [peeled]
/// flags  = kind (bits 0-2) | 8: oid | 16: peeled
/// delta  = count *( keep step )                    ; keep: branches of the base taken over before this step
/// step   = 0                                       ; leave out the base's next branch
///        | 1 branch                                ; add one; shared: with the last branch of the result so far
///        | 2 target                                ; the base's next branch with another target
/// </code>
/// Numbers are LEB128 without superfluous bytes. Whatever a delta does not name is taken over at its end.
/// </summary>
internal static class SnapshotCodec
{
    private const byte HasOid = 8;
    private const byte HasPeeled = 16;
    private const byte KindMask = 7;
    private const byte Leave = 0;
    private const byte Add = 1;
    private const byte Retarget = 2;

    public static byte[] Encode(IReadOnlyList<SnapshotBranch> branches)
    {
        ArrayBufferWriter<byte> output = new(branches.Count * 48 + 8);
        WriteNumber(output, branches.Count);
        ReadOnlySpan<byte> previous = [];
        foreach (SnapshotBranch branch in branches)
        {
            WriteBranch(output, previous, branch);
            previous = branch.Name.Bytes;
        }

        return output.WrittenSpan.ToArray();
    }

    /// <exception cref="GitFormatException">Anything that <see cref="Encode"/> does not write.</exception>
    public static SnapshotBranch[] Decode(ReadOnlySpan<byte> bytes)
    {
        SnapshotReader reader = new(bytes);
        // Shared, rest, one byte of name, flags.
        SnapshotBranch[] branches = new SnapshotBranch[reader.Count(itemBytesMin: 4)];
        RefName? previous = null;
        for (int i = 0; i < branches.Length; i++)
        {
            branches[i] = ReadBranch(ref reader, previous);
            previous = branches[i].Name;
        }

        reader.End();
        return branches;
    }

    public static byte[] EncodeDelta(IReadOnlyList<SnapshotBranch> from, IReadOnlyList<SnapshotBranch> to)
    {
        ArrayBufferWriter<byte> steps = new();
        int count = 0, kept = 0, i = 0, j = 0;
        while (i < from.Count || j < to.Count)
        {
            int order = i == from.Count ? 1 : j == to.Count ? -1 : from[i].Name.CompareTo(to[j].Name);
            if (order == 0 && from[i] == to[j])
            {
                (kept, i, j) = (kept + 1, i + 1, j + 1);
                continue;
            }

            WriteNumber(steps, kept);
            steps.Write([order < 0 ? Leave : order > 0 ? Add : Retarget]);
            if (order > 0)
            {
                WriteBranch(steps, j == 0 ? [] : to[j - 1].Name.Bytes, to[j]);
            }
            else if (order == 0)
            {
                WriteTarget(steps, to[j]);
            }

            (count, kept) = (count + 1, 0);
            (i, j) = (order <= 0 ? i + 1 : i, order >= 0 ? j + 1 : j);
        }

        ArrayBufferWriter<byte> output = new(steps.WrittenCount + 5);
        WriteNumber(output, count);
        output.Write(steps.WrittenSpan);
        return output.WrittenSpan.ToArray();
    }

    /// <exception cref="GitFormatException">Steps that do not fit the base, or give branches out of order.</exception>
    public static SnapshotBranch[] DecodeDelta(IReadOnlyList<SnapshotBranch> from, ReadOnlySpan<byte> bytes)
    {
        SnapshotReader reader = new(bytes);
        int steps = reader.Count(itemBytesMin: 2);
        List<SnapshotBranch> branches = new(from.Count);
        int i = 0;
        for (; steps > 0; steps--)
        {
            int keep = reader.Number();
            byte step = reader.Byte();
            Require(keep <= from.Count - i && (step == Add || (step <= Retarget && keep < from.Count - i)), "A step of a snapshot delta goes beyond its base.");
            for (; keep > 0; keep--)
            {
                branches.Add(from[i++]);
            }

            RefName? last = branches.Count == 0 ? null : branches[^1].Name;
            if (step == Add)
            {
                branches.Add(ReadBranch(ref reader, last));
                Require(i == from.Count || branches[^1].Name < from[i].Name, "A snapshot delta adds a branch out of order.");
            }
            else
            {
                SnapshotBranch old = from[i++];
                if (step == Retarget)
                {
                    branches.Add(ReadTarget(ref reader, old.Name));
                    Require(branches[^1] != old, "A snapshot delta changes nothing.");
                }
            }
        }

        reader.End();
        for (; i < from.Count; i++)
        {
            branches.Add(from[i]);
        }

        return [.. branches];
    }

    private static void WriteBranch(ArrayBufferWriter<byte> output, ReadOnlySpan<byte> previous, SnapshotBranch branch)
    {
        ReadOnlySpan<byte> name = branch.Name.Bytes;
        int shared = name.CommonPrefixLength(previous);
        WriteNumber(output, shared);
        WriteNumber(output, name.Length - shared);
        output.Write(name[shared..]);
        WriteTarget(output, branch);
    }

    private static SnapshotBranch ReadBranch(ref SnapshotReader reader, RefName? previous)
    {
        ReadOnlySpan<byte> before = previous is { } known ? known.Bytes : [];
        int shared = reader.Number();
        int rest = reader.Number();
        Require(shared <= before.Length && rest is > 0 and <= Git.Limits.RefNameBytesMax && shared + rest <= Git.Limits.RefNameBytesMax, "A branch name has an impossible length.");
        ReadOnlySpan<byte> end = reader.Bytes(rest);
        // Greater than the one before, and no shorter shared part than there is.
        Require(shared == before.Length || end[0] > before[shared], "Branch names are out of order.");
        byte[] name = new byte[shared + rest];
        before[..shared].CopyTo(name);
        end.CopyTo(name.AsSpan(shared));
        return ReadTarget(ref reader, RefName.FromBranch(name));
    }

    private static void WriteTarget(ArrayBufferWriter<byte> output, SnapshotBranch branch)
    {
        output.Write([(byte)((byte)branch.Target | (branch.Oid.IsZero ? 0 : HasOid) | (branch.Peeled is null ? 0 : HasPeeled))]);
        if (branch.AliasOf is { } aliasOf)
        {
            WriteNumber(output, aliasOf.Bytes.Length);
            output.Write(aliasOf.Bytes);
        }

        if (!branch.Oid.IsZero)
        {
            WriteOid(output, branch.Oid);
        }

        if (branch.Peeled is { } peeled)
        {
            WriteOid(output, peeled);
        }
    }

    private static SnapshotBranch ReadTarget(ref SnapshotReader reader, RefName name)
    {
        byte flags = reader.Byte();
        SnapshotTarget target = (SnapshotTarget)(flags & KindMask);
        bool hasOid = (flags & HasOid) != 0;
        bool hasPeeled = (flags & HasPeeled) != 0;
        bool sound = flags < 2 * HasPeeled && target != 0
            && (target == SnapshotTarget.Alias || hasOid == (target != SnapshotTarget.Dangling))
            && (!hasPeeled || target == SnapshotTarget.Release);
        Require(sound, "A branch has an impossible target.");
        RefName? aliasOf = target == SnapshotTarget.Alias ? RefName.FromBranch(reader.Bytes(reader.Number())) : null;
        Oid oid = hasOid ? reader.Oid() : Oid.Zero;
        Require(hasOid != oid.IsZero, "A branch has the null id for a target.");
        return new SnapshotBranch(name, target, oid, aliasOf, hasPeeled ? reader.Oid() : null);
    }

    private static void WriteOid(ArrayBufferWriter<byte> output, Oid oid)
    {
        oid.CopyTo(output.GetSpan(Oid.Length));
        output.Advance(Oid.Length);
    }

    private static void WriteNumber(ArrayBufferWriter<byte> output, int number)
    {
        uint rest = (uint)number;
        for (; rest >= 0x80; rest >>= 7)
        {
            output.Write([(byte)(rest | 0x80)]);
        }

        output.Write([(byte)rest]);
    }

    private static void Require(bool condition, string message)
    {
        if (!condition)
        {
            throw new GitFormatException(GitFormatError.Object, message);
        }
    }
}
