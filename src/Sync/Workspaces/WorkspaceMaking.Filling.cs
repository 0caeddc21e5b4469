using Actors.Git.Remotes;

namespace Actors.Sync.Workspaces;

internal sealed partial class WorkspaceMaking
{
    private long Now => clock.GetUtcNow().ToUnixTimeSeconds();

    /// <summary>git's own files of the worktree, but for the index.</summary>
    private void WriteAdministration(Worktree worktree, PartialNote note, SparseRules? sparse, IReadOnlyList<PlannedSubmodule> submodules, string path)
    {
        // gitrepository-layout, "worktrees": locked first, so that git's own prune leaves alone what is not there yet.
        File.WriteAllText(worktree.Locked, "being made by actors\n");
        File.WriteAllText(Path.Combine(worktree.Folder, "commondir"), "../..\n");
        File.WriteAllText(Path.Combine(worktree.Folder, "gitdir"), Path.Combine(path, ".git") + "\n");
        File.WriteAllText(Path.Combine(worktree.Folder, "HEAD"), note.Branch is { } branch ? $"ref: {branch}\n" : $"{note.Commit}\n");
        HeadLog.Write(worktree.Folder, note.Commit, Now);
        File.WriteAllText(worktree.Boot, Boot);
        if (sparse is not null)
        {
            _ = Directory.CreateDirectory(Path.Combine(worktree.Folder, "info"));
            File.WriteAllText(Path.Combine(worktree.Folder, "info", "sparse-checkout"), sparse.ToString());
        }

        if (sparse is not null || submodules.Count > 0)
        {
            string cone = sparse is null ? "" : "[core]\n\tsparseCheckout = true\n\tsparseCheckoutCone = true\n";
            File.WriteAllText(Path.Combine(worktree.Folder, "config.worktree"), cone + SubmoduleRepository.Configuration(submodules));
        }
    }

    private static async Task<long> FillAsync(
        Worktree worktree, PartialNote note, Checkout checkout, TreeListing listing, FileConversion conversion, CancellationToken cancellationToken)
    {
        _ = Directory.CreateDirectory(note.Folder);
        File.WriteAllText(Path.Combine(note.Folder, ".git"), worktree.Link);
        (byte[] index, long bytes) = await checkout.RunAsync(listing, conversion, note.Folder, cancellationToken).ConfigureAwait(false);
        File.WriteAllBytes(Path.Combine(worktree.Folder, "index"), index);
        return bytes;
    }

    /// <summary>Submodules lie in folders of the tree around them, which are real ones: the checkout has just made each, and none through a link.</summary>
    /// <param name="submodules">Those of one tree.</param>
    /// <param name="parent">Administration folder, or repository of the submodule around them.</param>
    /// <param name="filled">The folder that is being filled.</param>
    /// <param name="path">Where that will be.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>Bytes of files.</returns>
    private async Task<long> FillSubmodulesAsync(IReadOnlyList<PlannedSubmodule> submodules, string parent, string filled, string path, CancellationToken cancellationToken)
    {
        long all = 0;
        foreach (PlannedSubmodule one in submodules)
        {
            var repository = SubmoduleRepository.Within(parent, one.Entry.Name);
            (string folder, string place) = (Path.Combine(filled, one.Path), Path.Combine(path, one.Path));
            repository.Write(one, place, alternate, Now);
            one.Conversion.Ask(PersonalSettings.Read(repository.Folder, Environs));
            if (alternate is null)
            {
                await LentObjects.BringAsync(repository.Folder, objects, one.Commit, own, cancellationToken).ConfigureAwait(false);
            }

            LargeFiles large = await BringLargeAsync(one.Url, one.Listing, one.Conversion, repository.Folder, cancellationToken).ConfigureAwait(false);
            File.WriteAllText(Path.Combine(folder, ".git"), repository.Link);
            (byte[] index, long bytes) = await new Checkout(objects, large, clock).RunAsync(one.Listing, one.Conversion, folder, cancellationToken).ConfigureAwait(false);
            File.WriteAllBytes(Path.Combine(repository.Folder, "index"), index);
            all += bytes + await FillSubmodulesAsync(one.Inner, repository.Folder, folder, place, cancellationToken).ConfigureAwait(false);
        }

        return all;
    }

    private static int CountEntries(IReadOnlyList<PlannedSubmodule> submodules) => submodules.Sum(one => one.Listing.Items.Count + CountEntries(one.Inner));

    private async Task<LargeFiles> BringLargeAsync(RepositoryUrl url, TreeListing listing, FileConversion conversion, string folder, CancellationToken cancellationToken) => request.Lfs
        ? await LargeFiles.BringAsync(
            Lfs ?? throw new WorkspaceRefusedException(WorkspaceEnd.Failed, "files in LFS were asked for, and this program has no LFS client"),
            url, objects, listing, conversion, folder, own, cancellationToken).ConfigureAwait(false)
        : LargeFiles.None;
}
