namespace Actors.TestKit.Git;

public sealed partial class GitFixture
{
    /// <summary>A fork: all refs and objects copied, with a seed of its own for what is committed on top.</summary>
    public GitFixture ForkTo(string folder)
    {
        GitFixture fork = CopyTo(folder, "--mirror");
        fork.Seed = Seed + 1000;
        return fork;
    }

    /// <summary>A shallow clone of one branch: the commit at its bottom names parents that are not there.</summary>
    public GitFixture ShallowCloneTo(string folder, int depth, string branch = "main") =>
        CopyTo(folder, "--bare", $"--depth={depth}", "--single-branch", $"--branch={branch}", "--no-tags");

    /// <summary>A repository of one root commit whose tree is a branch's tip here: the same files without their history.</summary>
    public GitFixture SquashTo(string folder, string branch = "main")
    {
        GitFixture squashed = new(folder) { Seed = Seed + 2000 };
        squashed.Git.Date = Git.Date;
        squashed.Git.Run("fetch", "-q", "--no-tags", Folder, $"{FullName(branch)}:refs/scratch");
        string commit = squashed.Git.Run("commit-tree", squashed.Oid("refs/scratch^{tree}"), "-m", "import");
        squashed.SetRef("main", commit);
        return squashed.DeleteRef("refs/scratch").Repack();
    }

    /// <summary>One commit here that puts another repository's files under a folder, as vendored copies come.</summary>
    public GitFixture AddVendored(GitFixture other, string prefix, string branch = "main")
    {
        string name = FullName(branch);
        Git.Run("fetch", "-q", "--no-tags", other.Folder, "refs/heads/main:refs/scratch");
        Git.Environment["GIT_INDEX_FILE"] = Path.Combine(Folder, "scratch-index");
        try
        {
            Git.Run("read-tree", name);
            Git.Run("read-tree", "-i", $"--prefix={prefix}/", "refs/scratch^{tree}");
            SetRef(name, Git.Run("commit-tree", Git.Run("write-tree"), "-p", Oid(name), "-m", $"vendor {prefix}"));
        }
        finally
        {
            File.Delete(Git.Environment["GIT_INDEX_FILE"]!);
            Git.Environment.Remove("GIT_INDEX_FILE");
        }

        return DeleteRef("refs/scratch").Repack();
    }

    private GitFixture CopyTo(string folder, params string[] options)
    {
        GitCommand parent = new(Path.GetDirectoryName(Path.GetFullPath(folder))!);
        parent.Run(["clone", "-q", .. options, "file://" + Folder, Path.GetFullPath(folder)]);
        GitFixture copy = new(new GitCommand(folder), Seed);
        copy.Git.Date = Git.Date;
        copy.Git.TimeZone = Git.TimeZone;
        copy.Git.Run("remote", "remove", "origin");
        return copy;
    }
}
