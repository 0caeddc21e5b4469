using System.Text;
using Actors.Git.Objects;
using Actors.Git.Refs;

namespace Actors.Sync.Workspaces;

/// <summary>Branches of a base, as loose refs beside git's own (gitrepository-layout, "refs").</summary>
internal static class BranchRef
{
    /// <summary>The full name of a branch.</summary>
    /// <exception cref="WorkspaceRefusedException">git would not make a branch of that name.</exception>
    public static string FullName(string branch)
    {
        string name = "refs/heads/" + branch;
        // git-check-ref-format --branch: no leading '-', and HEAD is no branch.
        return RefNameRules.IsSound(Encoding.UTF8.GetBytes(name)) && !branch.StartsWith('-') && branch != "HEAD"
            ? name
            : throw new WorkspaceRefusedException(WorkspaceEnd.BranchRefused, $"'{branch}' cannot be the name of a branch");
    }

    /// <summary>
    /// Makes a branch that must be new: its file appears with its content, in one step, as a second name of a file in the
    /// administration folder. By that a branch that a crashed request made is known.
    /// </summary>
    /// <param name="baseFolder">The base.</param>
    /// <param name="worktree">Whose branch it is to be.</param>
    /// <param name="note">Its name and where it begins.</param>
    /// <exception cref="WorkspaceRefusedException">It exists, or a branch above or below it does.</exception>
    public static void Create(string baseFolder, Worktree worktree, PartialNote note)
    {
        string name = note.Branch!;
        string path = Path.Combine(baseFolder, name);
        foreach (RefName packed in PackedRefs.Read(Path.Combine(baseFolder, "packed-refs")).Keys)
        {
            string other = packed.ToString();
            if (other == name || other.StartsWith(name + "/", StringComparison.Ordinal) || name.StartsWith(other + "/", StringComparison.Ordinal))
            {
                throw Taken(other);
            }
        }

        try
        {
            _ = Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(worktree.Branch, $"{note.Commit}\n");
            if (File.Exists(path + ".lock") || Directory.Exists(path) || !Posix.TryLink(worktree.Branch, path))
            {
                throw Taken(name);
            }
        }
        catch (IOException e)
        {
            throw new WorkspaceRefusedException(WorkspaceEnd.BranchRefused, $"the branch {name} cannot be made: {e.Message}");
        }
    }

    /// <summary>Takes a branch back that a request made and did not come to use; one that has moved since is another file.</summary>
    public static void TakeBack(string baseFolder, Worktree worktree, PartialNote note)
    {
        string path = Path.Combine(baseFolder, note.Branch!);
        if (Posix.FindInode(path) is { } inode && inode == Posix.FindInode(worktree.Branch))
        {
            File.Delete(path);
        }
    }

    private static WorkspaceRefusedException Taken(string name) =>
        new(WorkspaceEnd.BranchRefused, $"there is {name} already: give another --branch");
}
