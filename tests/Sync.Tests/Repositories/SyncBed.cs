using Actors.Git.Objects;
using Actors.Git.Remotes;
using Actors.Store.Heads;
using Actors.Store.Objects;
using Actors.Sync.Repositories;
using Actors.TestKit;
using Actors.TestKit.Git;
using Actors.Web.Forges;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Actors.Sync.Tests.Repositories;

/// <summary>A forge with real git behind it, a client, and empty stores: everything that one sync needs.</summary>
internal sealed class SyncBed : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly GitClient _client;

    private SyncBed(LocalForge forge, Func<IGitClient, IGitClient>? wrap, TimeProvider? clock, GitClientOptions? client)
    {
        Forge = forge;
        _client = new GitClient(client ?? new GitClientOptions());
        Sync = new RepositorySync(
            wrap?.Invoke(_client) ?? _client, Objects, Heads, clock ?? TimeProvider.System, NullLogger<RepositorySync>.Instance);
    }

    public LocalForge Forge { get; }

    public MemoryObjectStore Objects { get; } = new();

    public MemoryHeadStore Heads { get; } = new();

    public RepositorySync Sync { get; }

    public string Scratch => _folder.FullPath;

    /// <param name="behaviour">How the forge answers.</param>
    /// <param name="wrap">Puts a client with faults before the real one.</param>
    /// <param name="clock">The sync's clock.</param>
    /// <param name="client">How the real client behaves.</param>
    public static async Task<SyncBed> StartAsync(
        ForgeBehaviour? behaviour = null, Func<IGitClient, IGitClient>? wrap = null, TimeProvider? clock = null, GitClientOptions? client = null)
    {
        GitCommand.Require(Assert.Skip);
        var served = new TemporaryFolder();
        LocalForge forge = await LocalForge.StartAsync(new LocalForgeOptions { Folder = served.FullPath, Behaviour = behaviour ?? new() });
        return new SyncBed(forge, wrap, clock, client);
    }

    /// <summary>The folder of a repository of the forge.</summary>
    public string At(string name) => Path.Combine(Forge.Folder, name + ".git");

    public GitFixture Make(string name, int seed = 1, string objectFormat = "sha1") => new(At(name), objectFormat, seed);

    public RepositoryUrl Url(string name) => RepositoryUrl.Parse(Forge.UrlOf(name));

    /// <summary>One visit, recorded as the engine records it.</summary>
    public async Task<SyncResult> VisitAsync(string name, SyncOptions? options = null)
    {
        RepositoryUrl url = Url(name);
        RepositoryState? known = (await Heads.FindAsync([url], TestContext.Current.CancellationToken))[0];
        SyncResult result = await Sync.RunAsync(url, known, options ?? new SyncOptions(), TestContext.Current.CancellationToken);
        await Heads.RecordAsync([result.Visit], TestContext.Current.CancellationToken);
        return result;
    }

    /// <summary>A visit and the bytes that the forge sent for it.</summary>
    public async Task<(SyncReport Report, long Bytes)> MeasureAsync(string name)
    {
        long before = Forge.BytesSentOf(name);
        SyncResult result = await VisitAsync(name);
        return (result.Report, Forge.BytesSentOf(name) - before);
    }

    /// <summary>Bytes that the forge sends to git's own <c>clone --mirror</c>; the clone stays, for <see cref="FetchBytes"/>.</summary>
    public long CloneBytes(string name)
    {
        long before = Forge.BytesSentOf(name);
        new GitCommand(Scratch).Run("clone", "-q", "--mirror", Forge.UrlOf(name), Path.Combine(Scratch, name));
        return Forge.BytesSentOf(name) - before;
    }

    /// <summary>Bytes that the forge sends to git's own fetch into the clone made before.</summary>
    public long FetchBytes(string name)
    {
        long before = Forge.BytesSentOf(name);
        new GitCommand(Path.Combine(Scratch, name)).Run("fetch", "-q", "--prune", "origin");
        return Forge.BytesSentOf(name) - before;
    }

    /// <summary>The store has every object that the repository's refs reach, and the committed heads are its refs.</summary>
    public async Task AssertHoldsAsync(GitFixture source, string name)
    {
        CancellationToken token = TestContext.Current.CancellationToken;
        Oid[] reached = [.. source.Git.Lines("rev-list", "--objects", "--no-object-names", "--all").Select(line => Oid.Parse(line))];
        bool[] present = new bool[reached.Length];
        await Objects.ContainsAsync(reached, present, token);
        Assert.DoesNotContain(false, present);

        RepositoryState state = Assert.IsType<RepositoryState>((await Heads.FindAsync([Url(name)], token))[0]);
        Snapshot snapshot = Assert.IsType<Snapshot>(await Heads.ReadSnapshotAsync(state.Snapshot!.Value, token));
        Assert.Equal(
            source.Refs.Where(item => item.Name.StartsWith("refs/heads/", StringComparison.Ordinal) || item.Name.StartsWith("refs/tags/", StringComparison.Ordinal)),
            snapshot.Branches.Where(branch => branch.Name.StartsWith("refs/"u8) && !branch.Oid.IsZero).Select(branch => (branch.Name.ToString(), branch.Oid.ToString())));
    }

    public async ValueTask DisposeAsync()
    {
        await _client.DisposeAsync();
        await Forge.DisposeAsync();
        _folder.Dispose();
        Directory.Delete(Forge.Folder, recursive: true);
    }
}
