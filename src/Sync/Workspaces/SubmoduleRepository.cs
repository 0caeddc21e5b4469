using System.Text;
using Actors.Git;
using Actors.Git.Checkouts;
using Actors.Git.Objects;

namespace Actors.Sync.Workspaces;

/// <summary>
/// The repository of one submodule of one workspace, where <c>git submodule update</c> would make it: <c>modules/NAME</c> of the administration
/// folder, or of the repository of the submodule around it (gitsubmodules, "FORMS"). It borrows its objects as a base does.
/// </summary>
/// <param name="Folder">Absolute path.</param>
internal sealed record SubmoduleRepository(string Folder)
{
    private const string ModulesFolder = "modules";

    /// <summary>Where a submodule's repository is to be.</summary>
    /// <param name="parent">Administration folder, or repository of the submodule around it.</param>
    /// <param name="name">Judged by <see cref="SubmoduleEntry.Refuse"/>.</param>
    public static SubmoduleRepository Within(string parent, string name) => new(Path.Combine(parent, ModulesFolder, name));

    /// <summary>All within one, those that git itself made too, outer ones first.</summary>
    public static IEnumerable<SubmoduleRepository> List(string parent) => List(Path.Combine(parent, ModulesFolder), 0);

    /// <summary>Content of the <c>.git</c> file of its working tree.</summary>
    public string Link => $"gitdir: {Folder}\n";

    /// <summary>Its working tree's folder; null when it is not told.</summary>
    public string? ReadPath()
    {
        try
        {
            string? path = GitConfiguration.Read(File.ReadAllBytes(Path.Combine(Folder, "config"))).LastOrDefault(one => one.Name == "core.worktree").Value;
            return path is null ? null : Path.GetFullPath(path, Folder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Makes it, but for its index.</summary>
    /// <param name="planned">Whose.</param>
    /// <param name="path">Where its working tree will be.</param>
    /// <param name="objects">The store's object directory, or null.</param>
    /// <param name="at">Seconds since 1970.</param>
    public void Write(PlannedSubmodule planned, string path, string? objects, long at)
    {
        foreach (string name in (ReadOnlySpan<string>)["objects/info", "objects/pack", "refs/heads", "refs/tags", "info"])
        {
            _ = Directory.CreateDirectory(Path.Combine(Folder, name));
        }

        BaseRepository.Borrow(Folder, objects);
        StringBuilder text = new("[core]\n\trepositoryformatversion = 0\n\tfilemode = true\n\tbare = false\n\tlogallrefupdates = true\n\tworktree = ");
        text.Append(BaseRepository.Quoted(path)).Append('\n').Append(BaseRepository.RemoteConfiguration(planned.Url));
        File.WriteAllText(Path.Combine(Folder, "config"), text.Append(Configuration(planned.Inner)).ToString());
        if (planned.Heads is not null && objects is not null)
        {
            File.WriteAllBytes(Path.Combine(Folder, "packed-refs"), PackedRefs.Write(PackedRefs.OfHeads(planned.Heads)));
        }

        HeadLog.Write(Folder, planned.Commit, at);
        File.WriteAllText(Path.Combine(Folder, "HEAD"), $"{planned.Commit}\n");
    }

    /// <summary>What <c>git submodule init</c> writes into the configuration of the repository around them (git-submodule, "init").</summary>
    public static string Configuration(IReadOnlyList<PlannedSubmodule> submodules)
    {
        StringBuilder text = new();
        foreach (PlannedSubmodule one in submodules)
        {
            text.Append("[submodule ").Append(BaseRepository.Quoted(one.Entry.Name)).Append("]\n\tactive = true\n\turl = ").Append(BaseRepository.Quoted(one.Url.ToString())).Append('\n');
            text.Append(one.Entry.Update is { } update ? $"\tupdate = {update}\n" : "");
        }

        return text.ToString();
    }

    private static IEnumerable<SubmoduleRepository> List(string folder, int depth)
    {
        // A name may have steps, so folders between are no repositories.
        if (!Directory.Exists(folder) || depth > Limits.SubmoduleFoldersMax)
        {
            yield break;
        }

        foreach (string inner in Directory.EnumerateDirectories(folder).Order(StringComparer.Ordinal))
        {
            bool isOne = File.Exists(Path.Combine(inner, "HEAD")) && Directory.Exists(Path.Combine(inner, "objects"));
            if (isOne)
            {
                yield return new SubmoduleRepository(inner);
            }

            foreach (SubmoduleRepository one in List(isOne ? Path.Combine(inner, ModulesFolder) : inner, depth + 1))
            {
                yield return one;
            }
        }
    }
}
