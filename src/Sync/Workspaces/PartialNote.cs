using Actors.Git.Objects;

namespace Actors.Sync.Workspaces;

/// <summary>What a request that is under way has made or will have: whoever finds it after a crash takes it away.</summary>
/// <param name="Folder">The folder beside the workspace's own that is being filled.</param>
/// <param name="Branch">Full name of the branch that was asked for, or null.</param>
/// <param name="Commit">Where the branch begins.</param>
internal sealed record PartialNote(string Folder, string? Branch, Oid Commit)
{
    public void Write(Worktree worktree)
    {
        File.WriteAllText(worktree.Partial + ".tmp", $"{Folder}\n{Branch}\n{Commit}\n");
        File.Move(worktree.Partial + ".tmp", worktree.Partial);
    }

    public static PartialNote? Read(Worktree worktree)
    {
        try
        {
            return File.ReadAllLines(worktree.Partial) is [var folder, var branch, var commit, ..] && Oid.TryParse(commit, out Oid oid)
                ? new PartialNote(folder, branch.Length == 0 ? null : branch, oid)
                : null;
        }
        catch (IOException)
        {
            return null;
        }
    }
}
