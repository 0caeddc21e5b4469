using System.Globalization;

namespace Actors.TestKit.Git;

/// <summary>
/// A bare repository that a test builds with real git, the same bytes on every machine: steps add to it and return it, so
/// that they can be chained. Anything that has no step is one <see cref="Git"/> command away. Needs git: see
/// <see cref="GitCommand.Require"/>.
/// </summary>
public sealed partial class GitFixture
{
    /// <summary>Makes an empty bare repository: HEAD points to <c>refs/heads/main</c>, which is unborn.</summary>
    /// <param name="folder">Its folder, by habit with <c>.git</c> at the end; must not hold a repository.</param>
    /// <param name="objectFormat"><c>sha1</c> or <c>sha256</c>.</param>
    /// <param name="seed">Two repositories of different seeds have no blob of <see cref="AddHistory"/> in common.</param>
    public GitFixture(string folder, string objectFormat = "sha1", int seed = 1)
        : this(new GitCommand(folder), seed)
    {
        Git.Run("init", "-q", "--bare", $"--object-format={objectFormat}", "--initial-branch=main", ".");
    }

    private GitFixture(GitCommand git, int seed)
    {
        Git = git;
        Seed = seed;
    }

    /// <summary>Runs git in the repository.</summary>
    public GitCommand Git { get; }

    /// <summary>Absolute path of the repository.</summary>
    public string Folder => Git.Folder;

    /// <summary>Seeds the contents that <see cref="AddHistory"/> writes from now on.</summary>
    public int Seed { get; set; }

    /// <summary>Every ref but HEAD, in order of name.</summary>
    public IReadOnlyList<(string Name, string Oid)> Refs =>
        [.. Git.Lines("for-each-ref", "--format=%(refname) %(objectname)").Select(line => (line.Split(' ')[0], line.Split(' ')[1]))];

    /// <summary>Objects that are reachable from refs, with tags themselves.</summary>
    public int CountObjects() => int.Parse(Git.Run("rev-list", "--objects", "--all", "--count"), CultureInfo.InvariantCulture);

    /// <summary>The oid of anything that git can name: <c>main~3</c>, <c>main:folder/file</c>, <c>v1^{}</c>.</summary>
    public string Oid(string revision) => Git.Run("rev-parse", "--verify", "-q", revision);

    /// <summary>Points a ref to what a revision names, whatever it pointed to before: makes branches, moves them back, forces them.</summary>
    /// <param name="name">Full name, or a branch's short one.</param>
    /// <param name="revision">What git can name.</param>
    public GitFixture SetRef(string name, string revision)
    {
        Git.Run("update-ref", FullName(name), Oid(revision));
        return this;
    }

    /// <summary>Removes a ref.</summary>
    public GitFixture DeleteRef(string name)
    {
        Git.Run("update-ref", "-d", FullName(name));
        return this;
    }

    /// <summary>Makes HEAD a symref to a branch, which need not exist: then HEAD is unborn, or dangling beside other branches.</summary>
    public GitFixture SetHead(string branch)
    {
        Git.Run("symbolic-ref", "HEAD", FullName(branch));
        return this;
    }

    /// <summary>Makes HEAD point to a commit itself.</summary>
    public GitFixture DetachHead(string revision)
    {
        Git.Run("update-ref", "--no-deref", "HEAD", Oid(revision + "^{commit}"));
        return this;
    }

    /// <summary>An annotated tag of anything: a commit, a tree, a blob, another tag.</summary>
    public GitFixture AddTag(string name, string revision = "main", string message = "a tag")
    {
        Git.Run("tag", "-a", "-m", message, name, Oid(revision));
        return this;
    }

    /// <summary>A lightweight tag.</summary>
    public GitFixture AddLightTag(string name, string revision = "main") => SetRef("refs/tags/" + name, revision);

    /// <summary>Many refs at once, packed.</summary>
    /// <param name="count">How many.</param>
    /// <param name="format">Full name with <c>{0}</c> for the number: <c>refs/pull/{0}/head</c>.</param>
    /// <param name="revisions">What they point to, in turn.</param>
    public GitFixture AddRefs(int count, string format, params string[] revisions)
    {
        string[] oids = [.. (revisions.Length == 0 ? ["main"] : revisions).Select(Oid)];
        IEnumerable<string> lines = Enumerable.Range(0, count)
            .Select(i => $"create {string.Format(CultureInfo.InvariantCulture, format, i)} {oids[i % oids.Length]}\n");
        Git.RunWith(string.Concat(lines), "update-ref", "--stdin");
        Git.Run("pack-refs", "--all");
        return this;
    }

    /// <summary>All objects in one pack, as a forge keeps them; what no ref reaches is removed.</summary>
    public GitFixture Repack()
    {
        Git.Run("repack", "-a", "-d", "-q", "--no-write-bitmap-index");
        Git.Run("prune", "--expire=now");
        return this;
    }

    private static string FullName(string name) =>
        name == "HEAD" || name.StartsWith("refs/", StringComparison.Ordinal) ? name : "refs/heads/" + name;
}
