using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using Actors.Git.Refs;
using Oid = Actors.Git.Objects.Oid;

namespace Actors.Store.Heads;

public sealed partial record Snapshot
{
    /// <summary>The snapshot without branches.</summary>
    public static Snapshot Empty { get; } = new(SnapshotId.Empty, []);

    /// <summary>
    /// The snapshot of these branches, in any order. An alias of a branch that is not among them brings that branch: as a
    /// revision when the alias has an oid (HEAD outside of the selected refs), else dangling, as Software Heritage has it.
    /// The oid of an alias is that of the branch at its end, whatever was given: so the id settles it too.
    /// </summary>
    /// <exception cref="ArgumentException">A name twice, an alias without <see cref="SnapshotBranch.AliasOf"/>, another
    /// branch with one, a target without oid, or a dangling branch with one.</exception>
    public static Snapshot Create(IEnumerable<SnapshotBranch> branches)
    {
        ArgumentNullException.ThrowIfNull(branches);
        Dictionary<RefName, SnapshotBranch> byName = [];
        foreach (SnapshotBranch branch in branches)
        {
            Check(branch);
            if (!byName.TryAdd(branch.Name, branch))
            {
                throw new ArgumentException($"The branch '{branch.Name}' is given twice.", nameof(branches));
            }
        }

        SnapshotBranch[] aliases = [.. byName.Values.Where(b => b.Target == SnapshotTarget.Alias)];
        foreach (SnapshotBranch alias in aliases)
        {
            RefName target = alias.AliasOf!.Value;
            _ = byName.TryAdd(target, new SnapshotBranch(target, alias.Oid.IsZero ? SnapshotTarget.Dangling : SnapshotTarget.Revision, alias.Oid));
        }

        foreach (SnapshotBranch alias in aliases)
        {
            byName[alias.Name] = alias with { Oid = Resolve(byName, alias) };
        }

        SnapshotBranch[] sorted = [.. byName.Values.OrderBy(b => b.Name)];
        return new Snapshot(ComputeId(sorted), sorted);
    }

    /// <summary>The id that Software Heritage's model gives these branches, which are in order of name.</summary>
    internal static SnapshotId ComputeId(IReadOnlyList<SnapshotBranch> sorted)
    {
        ArrayBufferWriter<byte> body = new();
        byte[] oid = new byte[Oid.Length];
        foreach (SnapshotBranch branch in sorted)
        {
            body.Write(Kind(branch.Target));
            body.Write(" "u8);
            body.Write(branch.Name.Bytes);
            ReadOnlySpan<byte> target = [];
            if (branch.Target == SnapshotTarget.Alias)
            {
                target = branch.AliasOf!.Value.Bytes;
            }
            else if (branch.Target != SnapshotTarget.Dangling)
            {
                branch.Oid.CopyTo(oid);
                target = oid;
            }

            body.Write(Encoding.ASCII.GetBytes($"\0{target.Length}:"));
            body.Write(target);
        }

        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA1);
        hash.AppendData(Encoding.ASCII.GetBytes($"snapshot {body.WrittenCount}\0"));
        hash.AppendData(body.WrittenSpan);
        Span<byte> id = stackalloc byte[Oid.Length];
        _ = hash.GetHashAndReset(id);
        return SnapshotId.FromBytes(id);
    }

    private static void Check(SnapshotBranch branch)
    {
        bool alias = branch.Target == SnapshotTarget.Alias;
        bool sound = alias == branch.AliasOf.HasValue
            && (alias || (branch.Target == SnapshotTarget.Dangling) == branch.Oid.IsZero)
            && (branch.Peeled is null || branch.Target == SnapshotTarget.Release)
            && Enum.IsDefined(branch.Target);
        if (!sound)
        {
            throw new ArgumentException($"The branch '{branch.Name}' is no sound {branch.Target}.");
        }
    }

    /// <summary>Follows a chain of aliases; a circle, or a chain longer than git follows, ends nowhere.</summary>
    private static Oid Resolve(Dictionary<RefName, SnapshotBranch> byName, SnapshotBranch alias)
    {
        SnapshotBranch end = alias;
        for (int step = 0; step <= Limits.AliasDepthMax; step++)
        {
            if (end.Target != SnapshotTarget.Alias)
            {
                return end.Oid;
            }

            end = byName[end.AliasOf!.Value];
        }

        return Oid.Zero;
    }

    private static ReadOnlySpan<byte> Kind(SnapshotTarget target) => target switch
    {
        SnapshotTarget.Content => "content"u8,
        SnapshotTarget.Directory => "directory"u8,
        SnapshotTarget.Revision => "revision"u8,
        SnapshotTarget.Release => "release"u8,
        SnapshotTarget.Alias => "alias"u8,
        SnapshotTarget.Dangling => "dangling"u8,
        SnapshotTarget.Snapshot => "snapshot"u8,
        _ => throw new ArgumentOutOfRangeException(nameof(target), target, "Not a target."),
    };
}
