using Actors.Git.Lfs;
using Actors.Git.Objects;
using Actors.Git.Remotes;

namespace Actors.Sync.Workspaces;

/// <summary>
/// Contents of files that a tree keeps in Git LFS. They lie in the base where git-lfs itself looks for them
/// (<c>lfs/objects/AA/BB/OID</c>), so that all workspaces and stock git-lfs share them; each came whole and verified, and was renamed there.
/// </summary>
internal sealed class LargeFiles
{
    private readonly Dictionary<Oid, string> _files;

    private LargeFiles(Dictionary<Oid, string> files) => _files = files;

    /// <summary>Files are what their blobs are.</summary>
    public static LargeFiles None { get; } = new([]);

    /// <summary>Brings what a tree's pointers stand for and the base lacks.</summary>
    /// <param name="client">The wire.</param>
    /// <param name="url">Whose LFS server is asked.</param>
    /// <param name="objects">Where pointers are read.</param>
    /// <param name="listing">The tree.</param>
    /// <param name="conversion">Says which files are LFS's.</param>
    /// <param name="baseFolder">The base.</param>
    /// <param name="own">A name that nobody else uses.</param>
    /// <param name="cancellationToken">Ends it; what came whole stays for the next time.</param>
    /// <exception cref="WorkspaceRefusedException">There is no server, or it did not give an object.</exception>
    public static async Task<LargeFiles> BringAsync(
        LfsClient client, RepositoryUrl url, IObjectSource objects, TreeListing listing, FileConversion conversion, string baseFolder, string own, CancellationToken cancellationToken)
    {
        Dictionary<Oid, LfsObject> pointers = [];
        foreach (CheckoutItem item in listing.Items)
        {
            if (item is { Left: false, Kind: TreeItem.File or TreeItem.Program } && !pointers.ContainsKey(item.Oid) && conversion.IsLarge(item.Path)
                && await objects.ReadAsync(item.Oid, Array.MaxLength, cancellationToken).ConfigureAwait(false) is { } blob
                && LfsPointer.TryParse(blob.Content.Span, out LfsPointer? pointer) && pointer.Extensions.Count == 0)
            {
                pointers[item.Oid] = pointer.Object;
            }
        }

        LfsObject[] missing = [.. pointers.Values.Where(one => !File.Exists(PathOf(baseFolder, one)))];
        if (missing.Length > 0)
        {
            Uri server = LfsServer.Of(url) ?? throw new WorkspaceRefusedException(WorkspaceEnd.RemoteFailed, $"{url} has files in LFS, and no LFS server by http or https");
            string folder = Directory.CreateDirectory(Path.Combine(baseFolder, WorkspaceLayout.LargeFolder)).FullName;
            string Temporary(LfsObject one) => Path.Combine(folder, $"{own}-{one.Oid}");
            IReadOnlyList<LfsOutcome> outcomes = await client.FetchAsync(
                server, missing, Limits.LfsDownloadsAtOnce,
                (one, _) => ValueTask.FromResult<Stream>(new FileStream(Temporary(one), FileMode.Create, FileAccess.ReadWrite, FileShare.None)),
                async (one, stream, token) =>
                {
                    await stream.FlushAsync(token).ConfigureAwait(false);
                    _ = Directory.CreateDirectory(Path.GetDirectoryName(PathOf(baseFolder, one))!);
                    File.Move(Temporary(one), PathOf(baseFolder, one), overwrite: true);
                },
                cancellationToken).ConfigureAwait(false);
            foreach (LfsObject one in missing)
            {
                File.Delete(Temporary(one));
            }

            if (outcomes.FirstOrDefault(one => one.Failure is not null) is { } failed)
            {
                throw new WorkspaceRefusedException(WorkspaceEnd.RemoteFailed, $"LFS object {failed.Object.Oid}: {failed.Failure!.Message}");
            }
        }

        return new LargeFiles(pointers.ToDictionary(one => one.Key, one => PathOf(baseFolder, one.Value)));
    }

    /// <summary>The file whose content stands behind a pointer; null: the blob is the file.</summary>
    public string? Find(Oid blob) => _files.GetValueOrDefault(blob);

    private static string PathOf(string baseFolder, LfsObject one)
    {
        string oid = one.Oid.ToString();
        return Path.Combine(baseFolder, "lfs", "objects", oid[..2], oid[2..4], oid);
    }
}
