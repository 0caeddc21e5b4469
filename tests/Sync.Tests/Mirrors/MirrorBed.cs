using Actors.Git.Lfs;
using Actors.Store.Blobs;
using Actors.Store.Heads;
using Actors.Sync.Mirrors;
using Actors.Sync.Repositories;
using Actors.Sync.Tests.Repositories;
using Actors.TestKit;
using Actors.TestKit.Clocks;
using Actors.TestKit.Git;
using Actors.TestKit.Judges;
using Actors.TestKit.Servers;
using Xunit;

namespace Actors.Sync.Tests.Mirrors;

/// <summary>A forge, a store, a directory of mirrors, a plain web server over it, and stock git that clones from there.</summary>
internal sealed class MirrorBed : IAsyncDisposable
{
    private readonly TemporaryFolder _folder;
    private readonly StaticFileServer _web;
    private readonly MirrorSpool _spool;
    private int _clones;

    private MirrorBed(SyncBed sync, TemporaryFolder folder, StaticFileServer web)
    {
        (Sync, _folder, _web) = (sync, folder, web);
        _spool = new MirrorSpool(folder["spool"]);
    }

    public SyncBed Sync { get; }

    /// <summary>The publisher's clock; starts in 2026.</summary>
    public ManualTimeProvider Clock { get; } = new();

    public MirrorOptions Options { get; set; } = new();

    /// <summary>Disposed with the bed.</summary>
    public LfsClient? Lfs { get; set; }

    public StaticFileServer Web => _web;

    public TemporaryFolder Folder => _folder;

    public static async Task<MirrorBed> StartAsync()
    {
        SyncBed sync = await SyncBed.StartAsync();
        var folder = new TemporaryFolder();
        return new MirrorBed(sync, folder, await StaticFileServer.StartAsync(folder.Make("web")));
    }

    /// <summary>The folder of a mirror.</summary>
    public string At(string name) => _folder["web", name];

    /// <summary>Where a mirror is read: of a name on the web server; a URL is taken as it is.</summary>
    public string UrlOf(string name) => name.Contains("://", StringComparison.Ordinal) ? name : _web.UrlOf(name);

    /// <summary>Syncs a repository of the forge and publishes its mirror under the same name.</summary>
    public async Task<MirrorReport> MirrorAsync(string name, IBlobStore? target = null, SyncOptions? options = null)
    {
        SyncResult result = await Sync.VisitAsync(name, options ?? new SyncOptions { Refs = Git.Refs.RefSelection.All });
        return await PublishAsync(name, result.Report.Snapshot!.Value, target);
    }

    /// <summary>Publishes a snapshot as the mirror of a repository.</summary>
    public Task<MirrorReport> PublishAsync(string name, SnapshotId snapshot, IBlobStore? target = null) => Publisher().PublishAsync(
        Sync.Url(name), snapshot, target ?? new DirectoryBlobStore(At(name)), TestContext.Current.CancellationToken);

    /// <summary>Lets publications end that may wait for another writer's claim: moves the clock where they look at it. One driver of the clock: all that run at once in one call.</summary>
    public async Task<T> WaitingAsync<T>(Task<T> publication)
    {
        while (!publication.IsCompleted)
        {
            if (Clock.NextTimer is { } next && next - Clock.GetUtcNow() <= Limits.MirrorClaimLook)
            {
                Clock.AdvanceTo(next);
            }

            await Task.Yield();
        }

        return await publication;
    }

    /// <summary>As another process would have it.</summary>
    public MirrorPublisher Publisher(int seed = 1) => new(Sync.Objects, Sync.Heads, _spool, Clock, new Random(seed), Options, Lfs);

    public async Task<MirrorState> StateAsync(string name) =>
        MirrorStateCodec.Read(await File.ReadAllBytesAsync(Path.Combine(At(name), "actors-mirror.json"), TestContext.Current.CancellationToken));

    /// <summary>A new clone over HTTP by stock git.</summary>
    public GitCommand Clone(string name, params string[] options)
    {
        string folder = _folder[$"clone{++_clones}"];
        new GitCommand(_folder.FullPath).Run(["clone", "-q", .. options, UrlOf(name), folder]);
        return new GitCommand(folder);
    }

    /// <summary>A mirror clone shows exactly the source's refs, but for kept history, and reaches exactly its objects.</summary>
    public GitCommand AssertIsMirror(GitFixture source, string name)
    {
        GitCommand clone = Clone(name, "--mirror");
        string[] shown = [.. clone.Lines("ls-remote", UrlOf(name)).Where(line => !line.Contains("\trefs/actors/history/", StringComparison.Ordinal))];
        Assert.Equal(source.Git.Lines("ls-remote", source.Folder), shown);
        if (!shown.Any(line => line.EndsWith("\tHEAD", StringComparison.Ordinal)))
        {
            // git names a branch of its own choice HEAD where the remote shows none.
            clone.Run("symbolic-ref", "HEAD", "refs/heads/nowhere");
        }

        foreach (string kept in clone.Lines("for-each-ref", "--format=%(refname)", "refs/actors/history"))
        {
            clone.Run("update-ref", "-d", kept);
        }

        StoreJudge.AssertSame(source.Git, clone);
        return clone;
    }

    public async ValueTask DisposeAsync()
    {
        Lfs?.Dispose();
        await _web.DisposeAsync();
        await Sync.DisposeAsync();
        _spool.Dispose();
        _folder.Dispose();
    }
}
