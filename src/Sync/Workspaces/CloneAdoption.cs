using Actors.Git.Packs;
using Actors.Git.Refs;
using Actors.Git.Remotes;
using Actors.Store.Objects;
using Actors.Sync.Repositories;
using LibGit2Sharp;
using Oid = Actors.Git.Objects.Oid;

namespace Actors.Sync.Workspaces;

/// <summary>
/// Takes existing clones over: what their refs, worktrees and reflogs reach goes into the store, then they borrow from there. For a
/// store that is open for writing. A clone goes on as the repository that it was, with its worktrees.
/// </summary>
/// <param name="sync">Fetches from the clone, as from any remote: whatever is in it is checked.</param>
/// <param name="objects">The store.</param>
/// <param name="objectsFolder">Its git object directory.</param>
/// <param name="options">As for campaigns.</param>
public sealed class CloneAdoption(RepositorySync sync, IObjectStore objects, string objectsFolder, SyncOptions options)
{
    /// <summary>Clones below a folder, bare ones too, in order of path. Links are not followed.</summary>
    public static IEnumerable<string> Find(string folder)
    {
        if (IsRepository(Path.Combine(folder, ".git")))
        {
            yield return folder;
        }
        else if (IsRepository(folder))
        {
            yield return folder;
            yield break;
        }

        IEnumerable<DirectoryInfo> inner = new DirectoryInfo(folder)
            .EnumerateDirectories("*", new EnumerationOptions { IgnoreInaccessible = true, AttributesToSkip = 0 })
            .Where(one => one.LinkTarget is null && one.Name != ".git")
            .OrderBy(one => one.Name, StringComparer.Ordinal);
        foreach (string found in inner.SelectMany(one => Find(one.FullName)))
        {
            yield return found;
        }
    }

    /// <summary>Adopts one clone. Repeating it is harmless.</summary>
    /// <param name="path">Its folder.</param>
    /// <param name="drop">Remove packs and loose objects of the clone that the store has; nobody should be working in it then.</param>
    /// <param name="cancellationToken">Ends it between two steps.</param>
    public async Task<AdoptedClone> AdoptAsync(string path, bool drop, CancellationToken cancellationToken)
    {
        string full = Path.GetFullPath(path);
        AdoptedClone clone = new(full, "", Oid.Zero, 0, GitLibrary.Missing);
        if (clone.Error is not null)
        {
            return clone;
        }

        try
        {
            (clone, HashSet<Oid> tips, string own) = Look(clone);
            if (await LacksAnyAsync(tips, cancellationToken).ConfigureAwait(false))
            {
                RefTip[] wanted = [.. tips.Select(oid => new RefTip(RefName.Parse($"refs/heads/adopted/{oid}"), oid))];
                RemoteFailure? failure = await sync.FetchTipsAsync(RepositoryUrl.Parse(full), wanted, null, options, new SyncTally(), cancellationToken).ConfigureAwait(false);
                if (failure is not null)
                {
                    bool isPartial = Directory.EnumerateFiles(Path.Combine(own, "pack"), "*.promisor").Any();
                    return clone with { Error = isPartial ? $"it is a partial clone, and git cannot get what it left out: {failure.Message}" : failure.Message };
                }
            }

            Borrow(own);
            return drop ? clone with { DroppedBytes = await DropAsync(own, cancellationToken).ConfigureAwait(false) } : clone;
        }
        catch (Exception e) when (e is LibGit2SharpException or IOException or UnauthorizedAccessException or FormatException)
        {
            return clone with { Error = e.Message };
        }
    }

    private static bool IsRepository(string folder) =>
        File.Exists(Path.Combine(folder, "HEAD")) && Directory.Exists(Path.Combine(folder, "objects")) && Directory.Exists(Path.Combine(folder, "refs"));

    /// <summary>What keeps objects alive in a clone: refs of all kinds, HEADs of all worktrees, reflogs.</summary>
    private static (AdoptedClone Clone, HashSet<Oid> Tips, string Objects) Look(AdoptedClone clone)
    {
        using Repository repository = new(clone.Path);
        HashSet<Oid> tips = [];
        void Add(ObjectId? id)
        {
            if (id is not null && id != ObjectId.Zero && repository.ObjectDatabase.Contains(id))
            {
                tips.Add(Oid.FromBytes(id.RawId));
            }
        }

        foreach (DirectReference reference in repository.Refs.Concat([repository.Refs.Head]).Select(one => one.ResolveToDirectReference()).Where(one => one is not null))
        {
            Add(new ObjectId(reference.TargetIdentifier));
            foreach (ReflogEntry entry in repository.Refs.Log(reference))
            {
                Add(entry.To);
                Add(entry.From);
            }
        }

        foreach (ReflogEntry entry in repository.Refs.Log("HEAD"))
        {
            Add(entry.To);
        }

        foreach (LibGit2Sharp.Worktree? worktree in repository.Worktrees)
        {
            using Repository? linked = worktree?.WorktreeRepository;
            Add(linked?.Head.Tip?.Id);
        }

        Oid head = repository.Head.Tip is { } tip ? Oid.FromBytes(tip.Id.RawId) : Oid.Zero;
        string url = repository.Network.Remotes["origin"]?.Url ?? clone.Path;
        return (clone with { Head = head, Url = RepositoryUrl.TryParse(url, out RepositoryUrl parsed, out _) ? parsed.ToString() : clone.Path }, tips, Path.Combine(repository.Info.Path, "objects"));
    }

    private async Task<bool> LacksAnyAsync(HashSet<Oid> tips, CancellationToken cancellationToken)
    {
        bool[] present = new bool[tips.Count];
        await objects.ContainsAsync(tips.ToArray(), present, cancellationToken).ConfigureAwait(false);
        return present.Contains(false);
    }

    /// <summary>gitrepository-layout, <c>objects/info/alternates</c>.</summary>
    private void Borrow(string own)
    {
        string info = Directory.CreateDirectory(Path.Combine(own, "info")).FullName;
        string alternates = Path.Combine(info, "alternates");
        string[] lines = File.Exists(alternates) ? File.ReadAllLines(alternates) : [];
        if (!lines.Contains(objectsFolder))
        {
            File.WriteAllText(alternates + ".actors", string.Concat(lines.Append(objectsFolder).Select(line => line + "\n")));
            File.Move(alternates + ".actors", alternates, overwrite: true);
        }
    }

    /// <summary>Packs go whole or not at all: each of their objects must be in the store.</summary>
    private async Task<long> DropAsync(string own, CancellationToken cancellationToken)
    {
        long dropped = 0;
        foreach (string index in Directory.EnumerateFiles(Path.Combine(own, "pack"), "pack-*.idx"))
        {
            string pack = Path.ChangeExtension(index, ".pack");
            Oid[] oids = ReadIndex(index);
            if (!File.Exists(Path.ChangeExtension(index, ".keep")) && !File.Exists(Path.ChangeExtension(index, ".promisor")) && await HasAllAsync(oids, cancellationToken).ConfigureAwait(false))
            {
                dropped += new FileInfo(pack).Length + new FileInfo(index).Length;
                // It names packs, and git would miss them.
                File.Delete(Path.Combine(own, "pack", "multi-pack-index"));
                foreach (string file in Directory.GetFiles(Path.GetDirectoryName(index)!, Path.GetFileNameWithoutExtension(index) + ".*").OrderBy(one => one == index ? 0 : 1))
                {
                    File.Delete(file);
                }
            }
        }

        foreach (string file in Directory.EnumerateDirectories(own, "??").SelectMany(Directory.EnumerateFiles).ToArray())
        {
            if (Oid.TryParse(Path.GetFileName(Path.GetDirectoryName(file)) + Path.GetFileName(file), out Oid oid) && await HasAllAsync([oid], cancellationToken).ConfigureAwait(false))
            {
                dropped += new FileInfo(file).Length;
                File.Delete(file);
            }
        }

        return dropped;
    }

    private static Oid[] ReadIndex(string path)
    {
        using PackIndex index = PackIndex.Open(path);
        return index.Oids.ToArray();
    }

    private async Task<bool> HasAllAsync(Oid[] oids, CancellationToken cancellationToken)
    {
        bool[] present = new bool[oids.Length];
        await objects.ContainsAsync(oids, present, cancellationToken).ConfigureAwait(false);
        return !present.Contains(false);
    }
}
