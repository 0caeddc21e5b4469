using Actors.Git;
using Actors.Git.Checkouts;
using Actors.Git.Objects;

namespace Actors.Sync.Workspaces;

/// <summary>
/// What a machine that lost power has not written of a workspace that it had just made and nobody had listed: names, dates and links may
/// be there and contents not. A file that the index knows with the same date and more bytes is one; nobody's own change looks so,
/// because it has another date.
/// </summary>
internal static class UnwrittenFiles
{
    private const string BootIdPath = "/proc/sys/kernel/random/boot_id";

    /// <summary>Names the time since the machine was started; null where the system does not tell.</summary>
    public static string? ReadBoot()
    {
        try
        {
            return File.ReadAllText(BootIdPath).Trim();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Says what is lacking, for a person; null: nothing that can be told.</summary>
    /// <param name="worktree">A whole workspace's.</param>
    /// <param name="folder">Its folder.</param>
    public static string? Find(Worktree worktree, string folder)
    {
        if (Find(Path.Combine(worktree.Folder, "index"), folder, "it has no index") is { } lacking)
        {
            return lacking;
        }

        return SubmoduleRepository.List(worktree.Folder)
            .Select(one => one.ReadPath() is { } inner && File.Exists(Path.Combine(inner, ".git")) ? Find(Path.Combine(one.Folder, "index"), inner, null) : null)
            .FirstOrDefault(one => one is not null);
    }

    private static string? Find(string index, string folder, string? without)
    {
        try
        {
            IReadOnlyList<IndexEntry> entries = IndexReader.Read(File.ReadAllBytes(index)) ?? [];
            int root = Posix.OpenFolder(folder);
            try
            {
                return entries.FirstOrDefault(entry => IsUnwritten(root, entry)) is { Path.IsEmpty: false } first
                    ? $"'{TreeListing.Shown(first.Path.Span)}' has less in it than was written: the machine lost power; make the workspace anew"
                    : null;
            }
            finally
            {
                Posix.Close(root);
            }
        }
        catch (GitFormatException e)
        {
            return $"its index is damaged: {e.Message}";
        }
        catch (FileNotFoundException)
        {
            return without;
        }
    }

    private static bool IsUnwritten(int root, in IndexEntry entry) =>
        entry is { Left: false, Kind: TreeItem.File or TreeItem.Program } && Posix.FindStat(root, [.. entry.Path.Span, 0]) is { } stat
        && stat.Size < entry.Stat.Size && stat.ModifiedSeconds == entry.Stat.ModifiedSeconds && stat.ModifiedNanoseconds == entry.Stat.ModifiedNanoseconds;
}
