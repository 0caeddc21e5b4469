using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Actors.Sync.Workspaces;

/// <summary>Names in the folder of bases, locks and default trees; <c>README.md</c> says what is written in which order.</summary>
/// <param name="Root">Absolute path.</param>
internal sealed record WorkspaceLayout(string Root)
{
    /// <summary>In a worktree's administration folder: there while the workspace counts; written last but one, see the protocol.</summary>
    public const string Record = "actors";

    /// <summary>In a worktree's administration folder: path of the folder that is being filled.</summary>
    public const string Partial = "actors-partial";

    /// <summary>In a worktree's administration folder: the file of the new branch, until the workspace is whole.</summary>
    public const string Branch = "actors-branch";

    /// <summary>In a worktree's administration folder: the record of a workspace whose removal has begun.</summary>
    public const string Removing = "actors-removing";

    /// <summary>In a worktree's administration folder: during which run of the machine all of it was seen to be there.</summary>
    public const string Boot = "actors-boot";

    /// <summary>In a base: its URL.</summary>
    public const string BaseRecord = "actors";

    /// <summary>In a base: large files on their way in.</summary>
    public const string LargeFolder = "actors-lfs";

    /// <summary>Begins the names of folders beside a workspace's own while it is made or removed.</summary>
    public const string PartialPrefix = ".actors-";

    /// <summary>Path locks: a few thousand files for any number of paths; two paths that share one wait for each other, no more.</summary>
    private const int PathLockDigits = 3;

    public string Bases => Path.Combine(Root, "bases");

    public string Locks => Path.Combine(Root, "locks");

    public string Trees => Path.Combine(Root, "trees");

    public string BaseOf(BaseName name) => Path.Combine(Bases, name + ".git");

    public string LockOf(BaseName name) => Path.Combine(Locks, $"base-{name}");

    public string LockOf(string path) => Path.Combine(Locks, "path-" + NameOf(path)[..PathLockDigits]);

    /// <summary>A file name for a path: hex digits, no point.</summary>
    public static string NameOf(string path) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(path)))[..16];

    /// <summary>A name that nobody else uses: of this machine, this process, the moment at which it began, and a number.</summary>
    public static string Own(DateTimeOffset began, int number) =>
        string.Create(CultureInfo.InvariantCulture, $"{Environment.MachineName}-{Environment.ProcessId}-{began.UtcTicks:x}-{number}");

    public void Create()
    {
        foreach (string folder in (ReadOnlySpan<string>)[Root, Bases, Locks])
        {
            _ = Directory.CreateDirectory(folder);
        }
    }

    /// <summary>All bases that are whole.</summary>
    public IEnumerable<BaseName> ListBases()
    {
        if (!Directory.Exists(Bases))
        {
            yield break;
        }

        foreach (string folder in Directory.EnumerateDirectories(Bases, "*.git"))
        {
            if (BaseName.TryParse(Path.GetFileNameWithoutExtension(folder), out BaseName name))
            {
                yield return name;
            }
        }
    }
}
