using System.Globalization;
using Actors.Git.Objects;
using Actors.Git.Remotes;

namespace Actors.Sync.Workspaces;

/// <summary>
/// The administration folder of one worktree, <c>BASE/worktrees/NAME</c> (gitrepository-layout, "worktrees"), with the files of ours
/// that say how far it is.
/// </summary>
/// <param name="Folder">Absolute path.</param>
internal sealed record Worktree(string Folder)
{
    private const string RecordHeader = "actors workspace 1";

    public string Name => Path.GetFileName(Folder);

    public string Record => Path.Combine(Folder, WorkspaceLayout.Record);

    public string Partial => Path.Combine(Folder, WorkspaceLayout.Partial);

    /// <summary>While a workspace is made: the file that its new branch is a second name of.</summary>
    public string Branch => Path.Combine(Folder, WorkspaceLayout.Branch);

    public string Removing => Path.Combine(Folder, WorkspaceLayout.Removing);

    public string Boot => Path.Combine(Folder, WorkspaceLayout.Boot);

    /// <summary>git's own: there while a worktree must not be pruned.</summary>
    public string Locked => Path.Combine(Folder, "locked");

    /// <summary>Content of the <c>.git</c> file of its working tree.</summary>
    public string Link => $"gitdir: {Folder}\n";

    /// <summary>All worktrees of a base, git's own too.</summary>
    public static IEnumerable<Worktree> List(string baseFolder)
    {
        string folder = Path.Combine(baseFolder, "worktrees");
        return Directory.Exists(folder) ? Directory.EnumerateDirectories(folder).Order(StringComparer.Ordinal).Select(one => new Worktree(one)) : [];
    }

    /// <summary>Takes a name among a base's worktrees: making the folder is taking it.</summary>
    /// <param name="baseFolder">The base.</param>
    /// <param name="path">The working tree's path; its last step is the name where that is free.</param>
    public static Worktree Take(string baseFolder, string path)
    {
        string wanted = new string([.. Path.GetFileName(path).Select(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' ? c : '-')]).Trim('-');
        wanted = wanted.Length == 0 ? "workspace" : wanted[..Math.Min(wanted.Length, 80)];
        string worktrees = Directory.CreateDirectory(Path.Combine(baseFolder, "worktrees")).FullName;
        int root = Posix.OpenFolder(worktrees);
        try
        {
            // Many workspaces may have the same last step: from some number on those there are counted, not tried.
            for (int number = 1; ; number = number == Limits.WorktreeNamesTried ? Math.Max(number + 1, Directory.EnumerateDirectories(worktrees).Count()) : number + 1)
            {
                string name = number == 1 ? wanted : string.Create(CultureInfo.InvariantCulture, $"{wanted}{number}");
                if (Posix.TryMakeFolder(root, [.. System.Text.Encoding.ASCII.GetBytes(name), 0]))
                {
                    return new Worktree(Path.Combine(worktrees, name));
                }
            }
        }
        finally
        {
            Posix.Close(root);
        }
    }

    /// <summary>Which base and which of its worktrees a folder's <c>.git</c> says that it is of; null when it says nothing of the kind.</summary>
    public static (BaseName Base, string Name)? FindLink(string path)
    {
        try
        {
            string file = Path.Combine(path, ".git");
            return File.Exists(file) && File.ReadAllText(file).TrimEnd('\n').Split('/') is [.., var bare, "worktrees", var name]
                && name is not ("" or "." or "..") && BaseName.TryParse(Path.GetFileNameWithoutExtension(bare), out BaseName found) ? (found, name) : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>The working tree's folder, as git has it; null when it is not told.</summary>
    public string? ReadPath()
    {
        try
        {
            return Path.GetDirectoryName(File.ReadAllText(Path.Combine(Folder, "gitdir")).TrimEnd('\n'));
        }
        catch (IOException)
        {
            return null;
        }
    }

    /// <summary>Whether a folder's <c>.git</c> points here.</summary>
    public bool IsLinkedFrom(string? path)
    {
        try
        {
            return path is not null && File.ReadAllText(Path.Combine(path, ".git")) == Link;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>The workspace, when it is whole: recorded, and its folder is there and points back.</summary>
    public Workspace? ReadWhole(BaseName name) => ReadPath() is { } path && IsLinkedFrom(path) ? ReadRecord(name, path) : null;

    /// <summary>Writes the record of a workspace of this worktree.</summary>
    public void WriteRecord(RepositoryUrl url, Oid commit, DateTimeOffset at)
    {
        string made = at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        File.WriteAllText(Record + ".tmp", $"{RecordHeader}\nurl {url}\ncommit {commit}\nmade {made}\n");
        File.Move(Record + ".tmp", Record, overwrite: true);
    }

    private Workspace? ReadRecord(BaseName name, string path)
    {
        try
        {
            return File.ReadAllLines(Record) is [RecordHeader, ['u', 'r', 'l', ' ', .. var url], ['c', 'o', 'm', 'm', 'i', 't', ' ', .. var commit], ['m', 'a', 'd', 'e', ' ', .. var made]]
                ? new Workspace
                {
                    Url = RepositoryUrl.Parse(url),
                    Commit = Oid.Parse(commit),
                    Path = path,
                    Base = name,
                    Name = Name,
                    MadeAt = DateTimeOffset.Parse(made, CultureInfo.InvariantCulture),
                }
                : null;
        }
        catch (Exception e) when (e is IOException or FormatException)
        {
            return null;
        }
    }
}
