namespace Actors.Sync;

/// <summary>What workspaces may cost.</summary>
public static partial class Limits
{
    /// <summary>Files and folders of one tree: ten times the largest public ones; a tree that names itself ten times on each of ten levels ends here.</summary>
    internal const int CheckoutEntriesMax = 5_000_000;

    /// <summary>Linux's <c>PATH_MAX</c> with the NUL: a longer path cannot be opened.</summary>
    internal const int CheckoutPathBytesMax = 4095;

    /// <summary>Folders in one another: as many as fit into a path.</summary>
    internal const int CheckoutDepthMax = CheckoutPathBytesMax / 2;

    /// <summary>One tree object: a million entries of usual names.</summary>
    internal const int CheckoutTreeBytesMax = 64 << 20;

    /// <summary>Below so many trees of a level, threads cost more than they bring.</summary>
    internal const int CheckoutTreesAtOnceMin = 64;

    /// <summary>Downloads of large files at once: git-lfs itself has eight.</summary>
    internal const int LfsDownloadsAtOnce = 8;

    /// <summary>Fewer files are written by one thread: in a process that has just begun, starting more and compiling what they need takes longer than the files.</summary>
    internal const int CheckoutFilesInParallelMin = 256;

    /// <summary>Files that a thread takes at a time: enough to be worth taking, few enough that the last ones are shared out.</summary>
    internal const int CheckoutFilesAtOnce = 16;

    /// <summary>Tags of tags on the way to a commit; nobody makes more than two.</summary>
    internal const int TagDepthMax = 10;

    /// <summary>Files of git's configuration that include one another: git's own limit.</summary>
    internal const int ConfigurationDepthMax = 10;

    /// <summary>Settings in the environment; nobody gives a hundred.</summary>
    internal const int ConfigurationPairsMax = 1000;

    /// <summary>Submodules in submodules: real ones are three or four deep; one that records itself at an earlier commit would go on to its first.</summary>
    internal const int SubmoduleDepthMax = 12;

    /// <summary>Submodules of one workspace, all levels: several times those of the largest public ones.</summary>
    internal const int SubmodulesMax = 2000;

    /// <summary>A <c>.gitmodules</c>: git's own limit for one that comes from outside is not lower.</summary>
    internal const int SubmoduleFileBytesMax = 16 << 20;

    /// <summary>Folders in one another below <c>modules/</c>, names with steps: no deeper than a path.</summary>
    internal const int SubmoduleFoldersMax = CheckoutDepthMax;

    /// <summary>Names of worktrees that are tried one by one: beyond, so many are alike that counting them is quicker.</summary>
    internal const int WorktreeNamesTried = 4;

    /// <summary>An administration folder of so long without content is a crashed request's: one at work writes its first file at once.</summary>
    internal static readonly TimeSpan EmptyWorktreeAge = TimeSpan.FromMinutes(1);

    /// <summary>Waits for a lock that somebody else holds: creations of one path take turns, and take a second each.</summary>
    internal static readonly TimeSpan LockPause = TimeSpan.FromMilliseconds(10);
}
