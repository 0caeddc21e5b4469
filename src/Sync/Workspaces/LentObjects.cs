using Actors.Git.Objects;
using Actors.Git.Packs;
using Actors.Store.Exports;
using Actors.Store.Heads;
using Actors.Store.Objects;

namespace Actors.Sync.Workspaces;

/// <summary>
/// What a base holds itself of a store that is no git object directory: packs of what its workspaces' commits reach, for stock git to
/// read. Files under <c>actors-lent/</c> name the commits of which everything is there.
/// </summary>
internal static class LentObjects
{
    private const string Folder = "actors-lent";

    /// <summary>Brings what a commit reaches and the base lacks. Repeating it is harmless; two at once write the same pack twice.</summary>
    public static async Task BringAsync(string baseFolder, IObjectStore objects, Oid commit, string own, CancellationToken cancellationToken)
    {
        string lent = Directory.CreateDirectory(Path.Combine(baseFolder, Folder)).FullName;
        if (File.Exists(Path.Combine(lent, commit.ToString())))
        {
            return;
        }

        List<Oid> known = [];
        foreach (string file in Directory.EnumerateFiles(lent))
        {
            if (Oid.TryParse(Path.GetFileName(file), out Oid oid))
            {
                known.Add(oid);
            }
        }

        await WritePackAsync(baseFolder, objects, [commit], known, own, cancellationToken).ConfigureAwait(false);

        // Last: only now is everything there.
        await File.WriteAllBytesAsync(Path.Combine(lent, commit.ToString()), [], cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// Which tips of the stored heads the base has: only these can be its refs, or git finds it broken. Tags of commits that it has are
    /// brought first.
    /// </summary>
    public static async Task<IReadOnlySet<Oid>> FindTipsAsync(string baseFolder, IObjectStore objects, Snapshot heads, string own, CancellationToken cancellationToken)
    {
        SnapshotBranch[] tags = [.. heads.Branches.Where(one => one.Peeled is not null)];
        HashSet<Oid> held = FindHeld(baseFolder, [.. heads.Branches.Select(one => one.Oid), .. tags.Select(one => one.Peeled!.Value)]);
        Oid[] lacking = [.. tags.Where(one => held.Contains(one.Peeled!.Value) && !held.Contains(one.Oid)).Select(one => one.Oid).Distinct()];
        if (lacking.Length > 0)
        {
            await WritePackAsync(baseFolder, objects, lacking, [.. tags.Select(one => one.Peeled!.Value).Where(held.Contains).Distinct()], own, cancellationToken).ConfigureAwait(false);
            held.UnionWith(lacking);
        }

        return held;
    }

    private static HashSet<Oid> FindHeld(string baseFolder, IReadOnlyList<Oid> wanted)
    {
        HashSet<Oid> held = [];
        foreach (string index in Directory.EnumerateFiles(Path.Combine(baseFolder, "objects", "pack"), "*.idx"))
        {
            using PackIndex pack = PackIndex.Open(index);
            held.UnionWith(wanted.Where(oid => pack.TryFind(oid, out _)));
        }

        return held;
    }

    private static async Task WritePackAsync(string baseFolder, IObjectStore objects, IReadOnlyList<Oid> tips, IReadOnlyList<Oid> known, string own, CancellationToken cancellationToken)
    {
        string packs = Path.Combine(baseFolder, "objects", "pack");
        string temporary = $"tmp_pack_{own}";
        try
        {
            await PackExport.WriteAsync(objects, tips, known, packs, temporary, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            File.Delete(Path.Combine(packs, temporary));
            File.Delete(Path.Combine(packs, temporary + ".idx"));
        }
    }
}
