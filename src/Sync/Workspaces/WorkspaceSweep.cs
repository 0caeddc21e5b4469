namespace Actors.Sync.Workspaces;

/// <summary>
/// Takes away what requests left that did not come to their end. Everything that is deleted is recognised as ours first: a folder
/// beside a workspace by its name and by its <c>.git</c>, which points to the administration folder that names it.
/// </summary>
internal static class WorkspaceSweep
{
    /// <summary>Sweeps one base; the caller holds its lock alone, so nobody is at work in it.</summary>
    /// <returns>What was taken away, for a person.</returns>
    public static IReadOnlyList<string> Base(WorkspaceLayout layout, BaseName name, TimeProvider clock)
    {
        List<string> swept = [];
        if (Directory.Exists(layout.Bases))
        {
            foreach (string half in Directory.EnumerateDirectories(layout.Bases, $".*-{name}-*"))
            {
                Directory.Delete(half, recursive: true);
                swept.Add(half);
            }
        }

        string folder = layout.BaseOf(name);
        string large = Path.Combine(folder, WorkspaceLayout.LargeFolder);
        if (Directory.Exists(large))
        {
            Directory.Delete(large, recursive: true);
        }

        foreach (Worktree worktree in Worktree.List(folder))
        {
            if (File.Exists(worktree.Record) && !File.Exists(worktree.Partial))
            {
                continue;
            }

            if (File.Exists(worktree.Removing))
            {
                swept.Add(worktree.ReadPath() ?? worktree.Folder);
                Remove(worktree);
            }
            else if (PartialNote.Read(worktree) is { } note)
            {
                if (worktree.ReadWhole(name) is not null)
                {
                    // It came to be whole, and only the tidying was cut off.
                    Tidy(worktree);
                    continue;
                }

                swept.Add(note.Folder);
                Undo(worktree, note, folder);
            }
            else if ((File.Exists(worktree.Partial) || File.Exists(worktree.Partial + ".tmp")) && !File.Exists(worktree.Record))
            {
                // A note that was not written to its end: the process was killed in it, or the machine lost power. What lies beside the path cannot be told to be ours.
                Directory.Delete(worktree.Folder, recursive: true);
                swept.Add(worktree.Folder);
            }
            else if (!Directory.EnumerateFileSystemEntries(worktree.Folder).Any() && clock.GetUtcNow() - Directory.GetLastWriteTimeUtc(worktree.Folder) > Limits.EmptyWorktreeAge)
            {
                // Taken, and nothing written. git's own begin so too, and go on at once.
                Directory.Delete(worktree.Folder, recursive: true);
                swept.Add(worktree.Folder);
            }
        }

        return swept;
    }

    /// <summary>What a whole workspace needs no more; the note goes last, so that this is done again after a crash.</summary>
    public static void Tidy(Worktree worktree)
    {
        File.Delete(worktree.Locked);
        File.Delete(worktree.Branch);
        File.Delete(worktree.Partial);
    }

    /// <summary>Takes back an unfinished request.</summary>
    public static void Undo(Worktree worktree, PartialNote note, string baseFolder)
    {
        // First the record, so that whatever is left over is never whole.
        File.Delete(worktree.Record);
        if (Path.GetFileName(note.Folder).StartsWith(WorkspaceLayout.PartialPrefix, StringComparison.Ordinal) && Directory.Exists(note.Folder)
            && (worktree.IsLinkedFrom(note.Folder) || Directory.EnumerateFileSystemEntries(note.Folder).All(entry => Path.GetFileName(entry) == ".git")))
        {
            DeleteTree(note.Folder);
        }

        if (note.Branch is not null)
        {
            BranchRef.TakeBack(baseFolder, worktree, note);
        }

        Directory.Delete(worktree.Folder, recursive: true);
    }

    /// <summary>Ends a removal that has begun: the folder, then the administration folder.</summary>
    public static void Remove(Worktree worktree)
    {
        string? path = worktree.ReadPath();
        string? removed = path is null ? null : Path.Combine(Path.GetDirectoryName(path)!, $"{WorkspaceLayout.PartialPrefix}removed-{Path.GetFileName(path)}");
        if (removed is not null && worktree.IsLinkedFrom(path))
        {
            // In one step out of sight: nobody sees half of it, and its name is free.
            if (!Posix.TryRename(path!, removed))
            {
                DeleteTree(path!);
            }
        }

        if (removed is not null && Directory.Exists(removed) && worktree.IsLinkedFrom(removed))
        {
            DeleteTree(removed);
        }

        Directory.Delete(worktree.Folder, recursive: true);
    }

    /// <summary>The <c>.git</c> file goes last: as long as anything is there, it can be recognised.</summary>
    private static void DeleteTree(string folder) => Posix.DeleteTree(folder, ".git");
}
