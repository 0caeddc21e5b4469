using Actors.Git.Objects;
using Actors.Git.Packs;
using Actors.TestKit;

namespace Actors.Git.Tests.Packs;

/// <summary>Indexes packs in a temporary folder.</summary>
internal sealed class IndexedFolder : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public string Folder => _folder.FullPath;

    public string PackPath => _folder["pack-ours.pack"];

    public string IndexPath => _folder["pack-ours.idx"];

    public PackIndexOptions Options => new() { PackPath = PackPath, IndexPath = IndexPath, Fsync = false };

    public Task<PackIndexResult> RunAsync(byte[] pack, IObjectSource? bases = null, PackLimits? limits = null, int threads = 2) =>
        PackIndexer.IndexAsync(
            new MemoryStream(pack), Options with { Bases = bases, Limits = limits ?? PackLimits.Default, Threads = threads }, CancellationToken.None);

    /// <summary>The index that git makes of the pack file that we left.</summary>
    public byte[] IndexByGit()
    {
        var git = new TestKit.Git.GitCommand(Folder);
        git.Run("index-pack", "-o", _folder["git.idx"], PackPath);
        return File.ReadAllBytes(_folder["git.idx"]);
    }

    public void Dispose() => _folder.Dispose();
}
