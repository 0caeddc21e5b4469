using Actors.Git.Objects;
using Actors.Git.Packs;

namespace Actors.Sync.Workspaces;

public sealed partial class WorkspaceRoot
{
    /// <summary>Removes a workspace: first it counts no more, then its folder goes, then what its base knows of it. Branches stay in the base.</summary>
    /// <param name="path">Its folder.</param>
    /// <param name="force">Also when changes or commits would be lost.</param>
    /// <param name="cancellationToken">Ends the waiting; a removal that has begun is finished.</param>
    /// <returns>Null: it is gone. Else why not.</returns>
    public async Task<string?> RemoveAsync(string path, bool force, CancellationToken cancellationToken)
    {
        string full = Path.GetFullPath(path).TrimEnd('/');
        using FileLock claim = await FileLock.TakeAsync(Locks().LockOf(full), shared: false, _clock, cancellationToken).ConfigureAwait(false);
        if (Find(full) is not var (name, worktree))
        {
            return $"'{full}' is no workspace of this store";
        }

        using FileLock held = await FileLock.TakeAsync(_layout.LockOf(name), shared: true, _clock, cancellationToken).ConfigureAwait(false);
        if (!File.Exists(worktree.Record))
        {
            return $"'{full}' is being made or removed";
        }

        if (!force && worktree.IsLinkedFrom(full) && await WorkspaceChanges.FindLossAsync(full, worktree.Folder, _objects, _alternate is not null, cancellationToken).ConfigureAwait(false) is { } loss)
        {
            return $"'{full}' is not removed: {loss}";
        }

        File.Move(worktree.Record, worktree.Removing, overwrite: true);
        BaseRepository.Touch(_layout.BaseOf(name), _clock);
        WorkspaceSweep.Remove(worktree);
        return null;
    }

    /// <summary>
    /// Takes away what crashed requests left, and what bases know of workspaces whose folder somebody deleted. Bases in which a request is
    /// at work are passed over.
    /// </summary>
    public TidyReport Prune()
    {
        List<string> removed = [];
        List<(string, string)> kept = [];
        foreach (BaseName name in ListNames())
        {
            using FileLock? alone = FileLock.TryTake(Locks().LockOf(name), shared: false);
            if (alone is null)
            {
                kept.Add((_layout.BaseOf(name), "a request is at work there"));
                continue;
            }

            removed.AddRange(WorkspaceSweep.Base(_layout, name, _clock));
            foreach (Worktree worktree in Worktree.List(_layout.BaseOf(name)).Where(one => File.Exists(one.Record) && one.ReadPath() is { } path && !Path.Exists(Path.Combine(path, ".git"))))
            {
                string path = worktree.ReadPath()!;
                if (File.Exists(worktree.Locked))
                {
                    kept.Add((path, "locked with git worktree lock"));
                }
                else if (!Directory.Exists(Path.GetDirectoryName(path)))
                {
                    kept.Add((path, "the folder above it is gone too: perhaps a disk that is not mounted"));
                }
                else
                {
                    Directory.Delete(worktree.Folder, recursive: true);
                    removed.Add(path);
                }
            }
        }

        return new TidyReport(removed, kept);
    }

    /// <summary>Removes bases without workspaces that nobody used for so long. One with objects that the store lacks holds people's commits, and stays.</summary>
    /// <param name="unused">How long.</param>
    /// <param name="dryRun">Only say what would go.</param>
    /// <param name="cancellationToken">Ends it between two bases.</param>
    public async Task<TidyReport> CollectAsync(TimeSpan unused, bool dryRun, CancellationToken cancellationToken)
    {
        List<string> removed = [];
        List<(string, string)> kept = [];
        foreach (BaseName name in ListNames())
        {
            cancellationToken.ThrowIfCancellationRequested();
            string folder = _layout.BaseOf(name);
            using FileLock? alone = FileLock.TryTake(Locks().LockOf(name), shared: false);
            if (alone is null || !Directory.Exists(folder) || Worktree.List(folder).Any()
                || _clock.GetUtcNow() - File.GetLastWriteTimeUtc(Path.Combine(folder, WorkspaceLayout.BaseRecord)) < unused)
            {
                continue;
            }

            if (await CountOwnObjectsAsync(folder, cancellationToken).ConfigureAwait(false) is > 0 and var own)
            {
                kept.Add((folder, $"has {own} objects that the store lacks: somebody's commits"));
                continue;
            }

            removed.Add(folder);
            if (!dryRun)
            {
                string gone = Path.Combine(_layout.Bases, $".gone-{name}-{NextOwn()}");
                Directory.Move(folder, gone);
                Directory.Delete(gone, recursive: true);
            }
        }

        return new TidyReport(removed, kept);
    }

    private BaseName[] ListNames() => [.. _layout.ListBases().OrderBy(one => one.ToString(), StringComparer.Ordinal)];

    private WorkspaceLayout Locks()
    {
        _layout.Create();
        return _layout;
    }

    /// <summary>The worktree whose folder this is: by its <c>.git</c>, or, where that is gone, by what the bases know.</summary>
    private (BaseName Name, Worktree Worktree)? Find(string path)
    {
        if (Worktree.FindLink(path) is (var linked, var folder) && new Worktree(Path.Combine(_layout.BaseOf(linked), "worktrees", folder)) is var named
            && Directory.Exists(named.Folder) && (named.IsLinkedFrom(path) || named.ReadPath() == path))
        {
            return (linked, named);
        }

        foreach (BaseName name in ListNames())
        {
            if (Worktree.List(_layout.BaseOf(name)).FirstOrDefault(one => one.ReadPath() == path) is { } known)
            {
                return (name, known);
            }
        }

        return null;
    }

    private async Task<int> CountOwnObjectsAsync(string folder, CancellationToken cancellationToken)
    {
        List<Oid> own = [];
        foreach (string fan in Directory.EnumerateDirectories(Path.Combine(folder, "objects"), "??"))
        {
            foreach (string file in Directory.EnumerateFiles(fan))
            {
                if (Oid.TryParse(Path.GetFileName(fan) + Path.GetFileName(file), out Oid oid))
                {
                    own.Add(oid);
                }
            }
        }

        foreach (string index in Directory.EnumerateFiles(Path.Combine(folder, "objects", "pack"), "*.idx"))
        {
            using PackIndex opened = PackIndex.Open(index);
            own.AddRange(opened.Oids);
        }

        bool[] present = new bool[own.Count];
        await _objects.ContainsAsync(own.ToArray(), present, cancellationToken).ConfigureAwait(false);
        return present.Count(here => !here);
    }
}
