using System.Text;
using Actors.Git.Lfs;
using Actors.Git.Remotes;
using Actors.Sync.Workspaces;
using Actors.TestKit.Git;
using Actors.TestKit.Servers;
using Xunit;

namespace Actors.Sync.Tests.Workspaces;

public sealed class LargeFilesTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Files_in_LFS_are_fetched_once_and_shared_by_all_workspaces()
    {
        await using WorkspaceBed bed = await WorkspaceBed.StartAsync();
        await using LfsSource server = await LfsSource.StartAsync(bed.ForgeAddress);
        byte[] content = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("large ", 100_000)));
        GitFixture source = Build(bed, server.Add(content));
        RepositoryUrl url = RepositoryUrl.Parse(server.Address + "large.git");
        await bed.VisitAsync("large");
        using LfsClient client = new(new GitClientOptions());
        WorkspaceRoot root = new(bed.Folder["store", "workspaces"], bed.Store, bed.Folder["store", "objects"], bed.Heads, TimeProvider.System) { Lfs = client };
        WorkspaceRequest request = new() { Url = url, Commit = source.Oid("main"), Lfs = true };

        WorkspaceResult first = await root.AddAsync(request, Token);
        int requests = server.Requests.Count;
        WorkspaceResult second = await root.AddAsync(request, Token);
        WorkspaceResult plain = await root.AddAsync(request with { Lfs = false }, Token);

        Assert.True(first.End == WorkspaceEnd.Made, first.Error);
        Assert.Equal(requests, server.Requests.Count);
        foreach (WorkspaceResult one in (WorkspaceResult[])[first, second])
        {
            Assert.Equal(content, await File.ReadAllBytesAsync(Path.Combine(one.Workspace!.Path, "a.bin"), Token));
            Assert.True((File.GetUnixFileMode(Path.Combine(one.Workspace.Path, "run.bin")) & UnixFileMode.UserExecute) != 0);
            Assert.StartsWith("version", await File.ReadAllTextAsync(Path.Combine(one.Workspace.Path, "not-tracked"), Token), StringComparison.Ordinal);
            Assert.Equal("", new GitCommand(one.Workspace.Path).Run("status", "--porcelain"));
        }

        Assert.StartsWith("version", await File.ReadAllTextAsync(Path.Combine(plain.Workspace!.Path, "a.bin"), Token), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Files_in_LFS_are_copied_to_a_workspace_on_another_file_system()
    {
        Assert.SkipUnless(Directory.Exists("/dev/shm"), "There is no /dev/shm: a file system other than that of temporary files.");
        await using WorkspaceBed bed = await WorkspaceBed.StartAsync();
        await using LfsSource server = await LfsSource.StartAsync(bed.ForgeAddress);
        byte[] content = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("large ", 100_000)));
        GitFixture source = Build(bed, server.Add(content));
        await bed.VisitAsync("large");
        using LfsClient client = new(new GitClientOptions());
        WorkspaceRoot root = new(bed.Folder["store", "workspaces"], bed.Store, bed.Folder["store", "objects"], bed.Heads, TimeProvider.System) { Lfs = client };
        string elsewhere = Path.Combine("/dev/shm", Path.GetRandomFileName());
        try
        {
            WorkspaceResult made = await root.AddAsync(
                new WorkspaceRequest { Url = RepositoryUrl.Parse(server.Address + "large.git"), Commit = source.Oid("main"), Lfs = true, Path = elsewhere }, Token);

            Assert.True(made.End == WorkspaceEnd.Made, made.Error);
            Assert.Equal(content, await File.ReadAllBytesAsync(Path.Combine(elsewhere, "a.bin"), Token));
            Assert.Equal("", new GitCommand(elsewhere).Run("status", "--porcelain"));
        }
        finally
        {
            if (Directory.Exists(elsewhere))
            {
                Directory.Delete(elsewhere, recursive: true);
            }
        }
    }

    [Fact]
    public async Task A_large_file_that_comes_damaged_or_not_at_all_makes_no_workspace()
    {
        await using WorkspaceBed bed = await WorkspaceBed.StartAsync();
        await using LfsSource server = await LfsSource.StartAsync(bed.ForgeAddress);
        LfsObject large = server.Add(Encoding.UTF8.GetBytes("what it should be"));
        GitFixture source = Build(bed, large);
        server.Damage(large, Encoding.UTF8.GetBytes("what it should-be"));
        await bed.VisitAsync("large");
        using LfsClient client = new(new GitClientOptions());
        WorkspaceRoot root = new(bed.Folder["store", "workspaces"], bed.Store, bed.Folder["store", "objects"], bed.Heads, TimeProvider.System) { Lfs = client };
        WorkspaceRequest request = new() { Url = RepositoryUrl.Parse(server.Address + "large.git"), Commit = source.Oid("main"), Lfs = true, Path = bed.Folder["here"] };

        WorkspaceResult damaged = await root.AddAsync(request, Token);
        WorkspaceResult nowhere = await root.AddAsync(request with { Url = RepositoryUrl.Parse(source.Folder) }, Token);

        Assert.Equal((WorkspaceEnd.RemoteFailed, WorkspaceEnd.RemoteFailed), (damaged.End, nowhere.End));
        Assert.Contains("no LFS server", nowhere.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(bed.Folder["here"]));
        Assert.Empty(root.List());
    }

    private static GitFixture Build(WorkspaceBed bed, LfsObject large)
    {
        string pointer = Encoding.UTF8.GetString(new LfsPointer { Object = large }.Encode());
        return bed.Make("large").AddEntries(
            "main", "large", ("100644", ".gitattributes", "*.bin filter=lfs diff=lfs merge=lfs -text\n"), ("100644", "a.bin", pointer), ("100755", "run.bin", pointer),
            ("100644", "not-tracked", pointer), ("100644", "small.bin", "no pointer\n"));
    }
}
