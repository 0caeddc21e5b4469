using System.Globalization;
using Actors.Git.Objects;

namespace Actors.Sync.Workspaces;

/// <summary>The reflog of a new HEAD: one line, as git's own checkout writes it.</summary>
internal static class HeadLog
{
    /// <param name="folder">A repository, or a worktree's administration folder.</param>
    /// <param name="commit">Where HEAD is.</param>
    /// <param name="at">Seconds since 1970.</param>
    public static void Write(string folder, Oid commit, long at)
    {
        _ = Directory.CreateDirectory(Path.Combine(folder, "logs"));
        File.WriteAllText(
            Path.Combine(folder, "logs", "HEAD"),
            string.Create(CultureInfo.InvariantCulture, $"{Oid.Zero} {commit} Actors <actors@localhost> {at} +0000\tworkspace: made of {commit}\n"));
    }
}
