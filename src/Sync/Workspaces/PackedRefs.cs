using System.Text;
using Actors.Git.Objects;
using Actors.Git.Refs;
using Actors.Store.Heads;

namespace Actors.Sync.Workspaces;

/// <summary>A base's <c>packed-refs</c> (git-pack-refs), sorted by name, each ref once.</summary>
internal static class PackedRefs
{
    /// <summary>What a clone would have of these heads: branches as origin's, tags. Names that git would not make are left out.</summary>
    public static SortedDictionary<RefName, (Oid Oid, Oid? Peeled)> OfHeads(Snapshot heads)
    {
        SortedDictionary<RefName, (Oid, Oid?)> refs = [];
        foreach (SnapshotBranch branch in heads.Branches)
        {
            if (branch.Oid.IsZero || !RefNameRules.IsSound(branch.Name.Bytes))
            {
                continue;
            }

            if (branch.Name.StartsWith("refs/heads/"u8))
            {
                refs[RefName.FromBytes([.. "refs/remotes/origin/"u8, .. branch.Name.Bytes["refs/heads/".Length..]])] = (branch.Oid, null);
            }
            else if (branch.Name.StartsWith("refs/tags/"u8))
            {
                refs[branch.Name] = (branch.Oid, branch.Peeled);
            }
        }

        return refs;
    }

    public static byte[] Write(SortedDictionary<RefName, (Oid Oid, Oid? Peeled)> refs)
    {
        using MemoryStream packed = new();
        packed.Write("# pack-refs with: peeled fully-peeled sorted \n"u8);
        foreach ((RefName name, (Oid oid, Oid? peeled)) in refs)
        {
            packed.Write(Encoding.ASCII.GetBytes($"{oid} "));
            packed.Write(name.Bytes);
            packed.WriteByte((byte)'\n');
            if (peeled is { } end)
            {
                packed.Write(Encoding.ASCII.GetBytes($"^{end}\n"));
            }
        }

        return packed.ToArray();
    }

    /// <summary>Reads a file that git or we wrote; a missing one has no refs. Lines that are none are passed over.</summary>
    public static SortedDictionary<RefName, (Oid Oid, Oid? Peeled)> Read(string path)
    {
        SortedDictionary<RefName, (Oid, Oid?)> refs = [];
        if (!File.Exists(path))
        {
            return refs;
        }

        RefName? last = null;
        ReadOnlySpan<byte> rest = File.ReadAllBytes(path);
        while (!rest.IsEmpty)
        {
            int end = rest.IndexOf((byte)'\n');
            ReadOnlySpan<byte> line = end < 0 ? rest : rest[..end];
            rest = end < 0 ? [] : rest[(end + 1)..];
            if (line is [(byte)'^', .. var peeled] && last is { } tag && Oid.TryParse(peeled, out Oid target))
            {
                refs[tag] = (refs[tag].Item1, target);
            }
            else if (line.Length > Oid.HexLength + 1 && line[Oid.HexLength] == ' ' && Oid.TryParse(line[..Oid.HexLength], out Oid oid))
            {
                last = RefName.FromBytes(line[(Oid.HexLength + 1)..]);
                refs[last.Value] = (oid, null);
            }
        }

        return refs;
    }
}
