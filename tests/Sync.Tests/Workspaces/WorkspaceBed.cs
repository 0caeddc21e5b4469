using Actors.Git.Remotes;
using Actors.Store.Heads;
using Actors.Store.Objects;
using Actors.Sync.Repositories;
using Actors.Sync.Workspaces;
using Actors.TestKit;
using Actors.TestKit.Git;
using Actors.Web.Forges;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Actors.Sync.Tests.Workspaces;

/// <summary>A forge with real git behind it, a store on disk, and workspaces over it; stock git judges them.</summary>
internal sealed class WorkspaceBed : IAsyncDisposable
{
    private readonly LocalForge _forge;

    private WorkspaceBed(TemporaryFolder folder, LocalForge forge)
    {
        (Folder, _forge) = (folder, forge);
        Store = LocalObjectStore.Open(folder["store"], StoreAccess.Write, TimeProvider.System);
        Client = new GitClient(new GitClientOptions());
        Sync = new RepositorySync(Client, Store, Heads, TimeProvider.System, NullLogger<RepositorySync>.Instance);
        Root = new WorkspaceRoot(folder["store", "workspaces"], Store, folder["store", "objects"], Heads, TimeProvider.System)
        {
            Environs = name => Environment.GetValueOrDefault(name),
        };
    }

    /// <summary>What workspaces see of the environment: at first, that nobody has configured git.</summary>
    public Dictionary<string, string> Environment { get; } = new() { ["GIT_CONFIG_NOSYSTEM"] = "1", ["GIT_ATTR_NOSYSTEM"] = "true" };

    public TemporaryFolder Folder { get; }

    public LocalObjectStore Store { get; }

    public MemoryHeadStore Heads { get; } = new();

    public GitClient Client { get; }

    public RepositorySync Sync { get; }

    public WorkspaceRoot Root { get; }

    public static async Task<WorkspaceBed> StartAsync()
    {
        GitCommand.Require(Assert.Skip);
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Workspaces are made on Linux only.");
        TemporaryFolder folder = new();
        return new WorkspaceBed(folder, await LocalForge.StartAsync(folder.Make("served")));
    }

    /// <summary>Skips where libgit2 is not installed.</summary>
    public static void RequireLibrary() => Assert.SkipWhen(GitLibrary.Missing is not null, GitLibrary.Missing ?? "");

    /// <summary>Where the forge listens.</summary>
    public Uri ForgeAddress => _forge.Address;

    /// <summary>How it answers.</summary>
    public ForgeBehaviour Behaviour
    {
        get => _forge.Behaviour;
        set => _forge.Behaviour = value;
    }

    public GitFixture Make(string name, int seed = 1) => new(Folder["served", name + ".git"], seed: seed);

    public RepositoryUrl Url(string name) => RepositoryUrl.Parse(_forge.UrlOf(name + ".git"));

    /// <summary>One visit, recorded as the engine records it.</summary>
    public async Task VisitAsync(string name)
    {
        CancellationToken token = TestContext.Current.CancellationToken;
        RepositoryState? known = (await Heads.FindAsync([Url(name)], token))[0];
        SyncResult result = await Sync.RunAsync(Url(name), known, new SyncOptions(), token);
        Assert.True(result.Report.Outcome.IsSuccess(), result.Report.Error);
        await Heads.RecordAsync([result.Visit], token);
    }

    public Task<WorkspaceResult> TryAddAsync(WorkspaceRequest request) => Root.AddAsync(request, TestContext.Current.CancellationToken);

    /// <summary>Makes a workspace, which must come to be.</summary>
    public async Task<Workspace> AddAsync(WorkspaceRequest request)
    {
        WorkspaceResult result = await TryAddAsync(request);
        Assert.True(result.End == WorkspaceEnd.Made, $"{result.End}: {result.Error}");
        return Assert.IsType<Workspace>(result.Workspace);
    }

    /// <summary>Stock git finds nothing wrong: links, objects, index, files, and the tree of a clone at the same commit.</summary>
    public void AssertSound(Workspace workspace, GitFixture source, string? revision = null)
    {
        GitCommand git = new(workspace.Path);
        Assert.Equal("", git.Run("status", "--porcelain", "--ignored"));
        Assert.Equal(source.Oid((revision ?? "HEAD") + "^{commit}"), git.Run("rev-parse", "HEAD"));
        AssertFsck(git, source.Git);
        Assert.Contains($"worktree {workspace.Path}\n", git.Run("worktree", "list", "--porcelain") + "\n", StringComparison.Ordinal);
        string clone = Folder["clones", Path.GetFileName(workspace.Path)];
        new GitCommand(Folder.Make("clones")).Run("clone", "-q", "--no-checkout", source.Folder, clone);
        new GitCommand(clone).Run("checkout", "-q", "--detach", git.Run("rev-parse", "HEAD"));
        Assert.Equal(FolderPicture.Of(clone), FolderPicture.Of(workspace.Path));
    }

    public async ValueTask DisposeAsync()
    {
        await Client.DisposeAsync();
        await _forge.DisposeAsync();
        await Store.DisposeAsync();
        Folder.Dispose();
    }

    /// <summary>git finds fault with nothing but what it finds fault with in the source.</summary>
    private static void AssertFsck(GitCommand git, GitCommand source)
    {
        (int code, byte[] output, string complaint) = git.Try([], "fsck", "--connectivity-only");
        Assert.True(code == 0 || source.Try([], "fsck", "--connectivity-only").ExitCode != 0, complaint + System.Text.Encoding.UTF8.GetString(output));
    }
}
