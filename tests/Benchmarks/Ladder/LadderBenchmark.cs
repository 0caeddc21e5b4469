using System.Globalization;
using Actors.Benchmarks.Measuring;
using Actors.Git.Remotes;
using Actors.Store.Heads;
using Actors.Store.Objects;
using Actors.Sync.Repositories;
using Actors.TestKit;
using Actors.TestKit.Git;
using Actors.Web.Forges;
using Microsoft.Extensions.Logging.Abstractions;

namespace Actors.Benchmarks.Ladder;

/// <summary>
/// Bytes that a forge sends for what changed, to us and to git's own client, on real histories: updates, a rewrite, a fork
/// of our making, a real fork, a squashed import, a vendored copy, something unrelated. One store for all, as in real life.
/// </summary>
internal sealed class LadderBenchmark : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly LocalForge _forge;
    private readonly GitClient _client = new(new GitClientOptions());
    private readonly LocalObjectStore _objects;
    private readonly MemoryHeadStore _heads = new();
    private readonly RepositorySync _sync;
    private readonly ResultTable _table = new(
        "Bytes of a sync against git's own",
        "A local forge (git upload-pack over smart HTTP) serves bare copies of real repositories; bytes are those of its answers' bodies.\n"
        + "git's side is `clone --mirror` for a first visit, `fetch` in that mirror for an update, of the same state.",
        ["case", "git's bytes", "ours", "ours / git's", "rungs", "requests", "new objects", "ms"]);

    private LadderBenchmark(LocalForge forge, TemporaryFolder served)
    {
        _forge = forge;
        Served = served;
        _objects = LocalObjectStore.Open(_folder["store"], StoreAccess.Write, TimeProvider.System);
        _sync = new RepositorySync(_client, _objects, _heads, TimeProvider.System, NullLogger<RepositorySync>.Instance);
    }

    private TemporaryFolder Served { get; }

    /// <summary><c>ladder BASE [FORK [OTHER]]</c>: bare repositories; FORK is a fork of BASE, OTHER is unrelated.</summary>
    public static async Task<int> RunAsync(string[] args)
    {
        if (args.Length is 0 or > 3)
        {
            Console.Error.WriteLine("usage: ladder BASE [FORK [OTHER]]");
            return 1;
        }

        var served = new TemporaryFolder();
        LocalForge forge = await LocalForge.StartAsync(served.FullPath);
        await using var benchmark = new LadderBenchmark(forge, served);
        await benchmark.RunCasesAsync(args);
        await benchmark._table.WriteAsync("ladder.md");
        return 0;
    }

    public async ValueTask DisposeAsync()
    {
        await _client.DisposeAsync();
        await _objects.DisposeAsync();
        await _forge.DisposeAsync();
        Served.Dispose();
        _folder.Dispose();
    }

    private async Task RunCasesAsync(string[] args)
    {
        GitCommand upstream = Copy(args[0], "base", "HEAD:refs/heads/main");
        string tip = upstream.Run("rev-parse", "main");
        Reset(upstream, $"{tip}~221");
        await FirstVisitAsync("first sync", "base");
        foreach ((string name, int behind) in new[] { ("1 commit", 220), ("20 commits", 200), ("200 commits", 0) })
        {
            Reset(upstream, $"{tip}~{behind}");
            await UpdateAsync($"update, {name} by first parents", "base");
        }

        await RewriteAsync(upstream);
        await CopiesAsync(args[0], tip);
        if (args.Length > 1)
        {
            // The real fork left long ago; its upstream's branches and tags are stored first, as they would be.
            Copy(args[0], "upstream", "refs/heads/*:refs/heads/*", "refs/tags/*:refs/tags/*");
            await FirstVisitAsync("upstream with all branches and tags, one branch stored", "upstream");
            Copy(args[1], "fork", "refs/heads/*:refs/heads/*", "refs/tags/*:refs/tags/*");
            await FirstVisitAsync("real fork, never visited", "fork");
        }

        if (args.Length > 2)
        {
            Copy(args[2], "other", "refs/heads/*:refs/heads/*", "refs/tags/*:refs/tags/*");
            await FirstVisitAsync("unrelated, never visited", "other");
        }
    }

    private async Task RewriteAsync(GitCommand upstream)
    {
        string tip = upstream.Run("rev-parse", "main");
        foreach (int depth in new[] { 1, 40 })
        {
            upstream.Run("update-ref", "refs/heads/main", upstream.Run("commit-tree", $"{tip}~{depth}^{{tree}}", "-p", $"{tip}~{depth}", "-m", "again"));
            await UpdateAsync($"force-push over {depth} commits, one new commit", "base");
            Reset(upstream, tip);
            await SyncAsync("base");
            Git("base").Run("fetch", "-q", "origin");
        }
    }

    private async Task CopiesAsync(string source, string tip)
    {
        string at = new GitCommand(source).Run("rev-parse", $"{tip}~300");
        var fork = new GitFixture(Path.Combine(Served.FullPath, "small-fork.git"));
        fork.Git.Run("fetch", "-q", "--no-tags", source, $"{at}:refs/heads/main");
        for (int i = 0; i < 5; i++)
        {
            fork.AddCommit("main", $"own {i}", ($"own{i}", $"own {i}\n"));
        }

        await FirstVisitAsync("fork never visited, 5 commits on upstream~300, no tags", "small-fork");

        GitFixture squashed = new(Path.Combine(Served.FullPath, "squashed.git"));
        squashed.Git.Run("fetch", "-q", "--no-tags", "--depth=1", "file://" + source, $"{at}:refs/scratch");
        string tree = squashed.Git.Run("rev-parse", "refs/scratch^{tree}");
        squashed.Git.Run("update-ref", "refs/heads/main", squashed.Git.Run("commit-tree", tree, "-m", "import"));
        squashed.AddCommit("main", "own", ("OWN", "own\n")).DeleteRef("refs/scratch").Repack();
        await FirstVisitAsync("squashed import, one own commit", "squashed");

        GitFixture own = new GitFixture(Path.Combine(Served.FullPath, "vendored.git"), seed: 500).AddHistory(40, files: 12);
        own.AddVendored(squashed, "third_party/base").AddHistory(4, files: 12).Repack();
        await FirstVisitAsync("vendored copy in an own history of 45 commits", "vendored");
    }

    /// <summary>A bare copy with its own objects: what it lacks, its server lacks.</summary>
    private GitCommand Copy(string source, string name, params string[] refs)
    {
        var copy = new GitFixture(Path.Combine(Served.FullPath, name + ".git"));
        copy.Git.Run(["fetch", "-q", "--no-tags", "file://" + Path.GetFullPath(source), .. refs]);
        return copy.Git;
    }

    private static void Reset(GitCommand git, string revision) => git.Run("update-ref", "refs/heads/main", git.Run("rev-parse", revision));

    private async Task FirstVisitAsync(string what, string name)
    {
        long gits = Measured(name, () => new GitCommand(_folder.FullPath).Run("clone", "-q", "--mirror", _forge.UrlOf(name), _folder[name]));
        await AddRowAsync(what, name, gits);
    }

    private async Task UpdateAsync(string what, string name) =>
        await AddRowAsync(what, name, Measured(name, () => Git(name).Run("fetch", "-q", "origin")));

    private GitCommand Git(string name) => new(_folder[name]);

    private async Task AddRowAsync(string what, string name, long gits)
    {
        long before = _forge.BytesSentOf(name);
        SyncReport report = await SyncAsync(name);
        long ours = _forge.BytesSentOf(name) - before;
        if (report.Error is not null)
        {
            throw new InvalidOperationException($"{what}: {report.Outcome}: {report.Error}");
        }

        string ratio = (double)ours / gits is >= 0.01 and var share ? share.ToString("0.00", CultureInfo.InvariantCulture) : $"1/{gits / Math.Max(1, ours)}";
        _table.Add(
            what, Number(gits), Number(ours), ratio, string.Join(", ", report.Rungs), Number(report.Requests), Number(report.Objects), Number(report.ElapsedMs));
    }

    private async Task<SyncReport> SyncAsync(string name)
    {
        RepositoryUrl url = RepositoryUrl.Parse(_forge.UrlOf(name));
        RepositoryState? known = (await _heads.FindAsync([url], CancellationToken.None))[0];
        SyncResult result = await _sync.RunAsync(url, known, new SyncOptions(), CancellationToken.None);
        await _heads.RecordAsync([result.Visit], CancellationToken.None);
        return result.Report;
    }

    private long Measured(string name, Action act)
    {
        long before = _forge.BytesSentOf(name);
        act();
        return _forge.BytesSentOf(name) - before;
    }

    private static string Number(long number) => number.ToString("N0", CultureInfo.InvariantCulture);
}
