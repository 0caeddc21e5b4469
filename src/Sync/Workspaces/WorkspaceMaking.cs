using System.Globalization;
using Actors.Git.Lfs;
using Actors.Git.Objects;
using Actors.Store.Heads;
using Actors.Store.Objects;

namespace Actors.Sync.Workspaces;

/// <summary>
/// One workspace on its way. Steps: 1 resolve the commit, 2 read its tree, 3 claim the path, 4 hold the base, 5 take a name in it,
/// 6 fill a folder beside the path, 7 write index and record, 8 rename the folder: now it is whole. A failure takes everything back; a
/// crash leaves it to the next request or to <c>prune</c>.
/// </summary>
internal sealed class WorkspaceMaking(
    WorkspaceLayout layout, IObjectStore objects, string? alternate, LfsClient? lfs, TimeProvider clock, WorkspaceRequest request, string own, string? boot, Func<string, string?> environment)
{
    private readonly BaseName _name = BaseName.Of(request.Url);

    public async Task<WorkspaceResult> RunAsync(Snapshot? heads, CancellationToken cancellationToken)
    {
        string? branch = request.Branch is { } wanted ? BranchRef.FullName(wanted) : null;
        SparseRules? sparse = ParseSparse();
        ResolvedCommit commit = await ResolvedCommit.FindAsync(objects, heads, request.Commit, cancellationToken).ConfigureAwait(false)
            ?? throw new WorkspaceRefusedException(WorkspaceEnd.NotFound, $"the store has no {request.Commit ?? "HEAD"} of {request.Url}");
        TreeListing listing = await TreeListing.ReadAsync(objects, commit.Tree, sparse, cancellationToken).ConfigureAwait(false);
        FileConversion conversion = await FileConversion.ForAsync(objects, listing, cancellationToken).ConfigureAwait(false);

        layout.Create();
        (string path, FileLock claim) = await ClaimPathAsync(commit.Commit, cancellationToken).ConfigureAwait(false);
        using (claim)
        {
            TrySweep();
            using FileLock held = await FileLock.TakeAsync(layout.LockOf(_name), shared: true, clock, cancellationToken).ConfigureAwait(false);
            string folder = BaseRepository.Ensure(layout, request.Url, alternate, heads, own);
            BaseRepository.Touch(folder, clock);
            conversion.Ask(PersonalSettings.Read(folder, environment));
            if (alternate is null)
            {
                await LentObjects.BringAsync(folder, objects, commit.Commit, own, cancellationToken).ConfigureAwait(false);
            }

            BaseRepository.Refresh(
                folder, heads, alternate is null && heads is not null ? await LentObjects.FindTipsAsync(folder, objects, heads, own, cancellationToken).ConfigureAwait(false) : null, own);

            LargeFiles large = request.Lfs
                ? await LargeFiles.BringAsync(lfs ?? throw NoLfs(), request.Url, objects, listing, conversion, folder, own, cancellationToken).ConfigureAwait(false)
                : LargeFiles.None;
            var worktree = Worktree.Take(folder, path);
            PartialNote note = new(Path.Combine(Path.GetDirectoryName(path)!, WorkspaceLayout.PartialPrefix + own), branch, commit.Commit);
            try
            {
                note.Write(worktree);
                long bytes = await FillAsync(worktree, note, new Checkout(objects, large, clock), listing, conversion, sparse, path, cancellationToken).ConfigureAwait(false);
                Publish(folder, worktree, note, path);
                return new WorkspaceResult
                {
                    Request = request,
                    End = WorkspaceEnd.Made,
                    Workspace = worktree.ReadWhole(_name),
                    Entries = listing.Items.Count,
                    Bytes = bytes,
                };
            }
            catch
            {
                WorkspaceSweep.Undo(worktree, note, folder);
                throw;
            }
        }
    }

    private static WorkspaceRefusedException NoLfs() => new(WorkspaceEnd.Failed, "files in LFS were asked for, and this program has no LFS client");

    private SparseRules? ParseSparse()
    {
        try
        {
            return request.Sparse.Count == 0 ? null : new SparseRules(request.Sparse);
        }
        catch (FormatException e)
        {
            throw new WorkspaceRefusedException(WorkspaceEnd.Failed, e.Message);
        }
    }

    /// <summary>Nobody else makes, moves or removes a workspace at this path while the lock is held.</summary>
    private async Task<(string Path, FileLock Claim)> ClaimPathAsync(Oid commit, CancellationToken cancellationToken)
    {
        for (int number = 1; ; number++)
        {
            string path = request.Path is { } given ? Path.GetFullPath(given).TrimEnd('/') : DefaultPath(commit, number);
            if (path.Length == 0 || path.Contains('\n', StringComparison.Ordinal))
            {
                throw new WorkspaceRefusedException(WorkspaceEnd.PathTaken, "that path cannot be a workspace");
            }

            FileLock claim = await FileLock.TakeAsync(layout.LockOf(path), shared: false, clock, cancellationToken).ConfigureAwait(false);
            if (!File.Exists(path) && (!Directory.Exists(path) || !Directory.EnumerateFileSystemEntries(path).Any()))
            {
                return (path, claim);
            }

            claim.Dispose();
            if (request.Path is not null)
            {
                throw new WorkspaceRefusedException(WorkspaceEnd.PathTaken, $"'{path}' exists and is not an empty folder");
            }
        }
    }

    private string DefaultPath(Oid commit, int number)
    {
        string name = commit.ToString()[..12] + (number == 1 ? "" : string.Create(CultureInfo.InvariantCulture, $"-{number}"));
        return Path.Combine(layout.Trees, _name.ToString(), name);
    }

    /// <summary>What crashed requests left in this base goes first, when nobody else is at work there.</summary>
    private void TrySweep()
    {
        using FileLock? alone = FileLock.TryTake(layout.LockOf(_name), shared: false);
        if (alone is not null)
        {
            WorkspaceSweep.Base(layout, _name, clock);
        }
    }

    private async Task<long> FillAsync(
        Worktree worktree, PartialNote note, Checkout checkout, TreeListing listing, FileConversion conversion, SparseRules? sparse, string path, CancellationToken cancellationToken)
    {
        // gitrepository-layout, "worktrees": locked first, so that git's own prune leaves alone what is not there yet.
        File.WriteAllText(worktree.Locked, "being made by actors\n");
        File.WriteAllText(Path.Combine(worktree.Folder, "commondir"), "../..\n");
        File.WriteAllText(Path.Combine(worktree.Folder, "gitdir"), Path.Combine(path, ".git") + "\n");
        File.WriteAllText(Path.Combine(worktree.Folder, "HEAD"), note.Branch is { } branch ? $"ref: {branch}\n" : $"{note.Commit}\n");
        WriteHeadLog(worktree, note);
        File.WriteAllText(worktree.Boot, boot);
        if (sparse is not null)
        {
            File.WriteAllText(Path.Combine(worktree.Folder, "config.worktree"), "[core]\n\tsparseCheckout = true\n\tsparseCheckoutCone = true\n");
            _ = Directory.CreateDirectory(Path.Combine(worktree.Folder, "info"));
            File.WriteAllText(Path.Combine(worktree.Folder, "info", "sparse-checkout"), sparse.ToString());
        }

        _ = Directory.CreateDirectory(note.Folder);
        File.WriteAllText(Path.Combine(note.Folder, ".git"), worktree.Link);
        (byte[] index, long bytes) = await checkout.RunAsync(listing, conversion, note.Folder, cancellationToken).ConfigureAwait(false);
        await File.WriteAllBytesAsync(Path.Combine(worktree.Folder, "index"), index, cancellationToken).ConfigureAwait(false);
        return bytes;
    }

    /// <summary>The reflog's first line, as git's own checkout writes it.</summary>
    private void WriteHeadLog(Worktree worktree, PartialNote note)
    {
        _ = Directory.CreateDirectory(Path.Combine(worktree.Folder, "logs"));
        string line = string.Create(
            CultureInfo.InvariantCulture,
            $"{Oid.Zero} {note.Commit} Actors <actors@localhost> {clock.GetUtcNow().ToUnixTimeSeconds()} +0000\tworkspace: made of {note.Commit}\n");
        File.WriteAllText(Path.Combine(worktree.Folder, "logs", "HEAD"), line);
    }

    /// <summary>The rename is the moment from which the workspace is there; what follows is tidying.</summary>
    private void Publish(string folder, Worktree worktree, PartialNote note, string path)
    {
        if (note.Branch is not null)
        {
            BranchRef.Create(folder, worktree, note);
        }

        worktree.WriteRecord(request.Url, note.Commit, clock.GetUtcNow());
        _ = Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        if (!Posix.TryRename(note.Folder, path))
        {
            throw new WorkspaceRefusedException(WorkspaceEnd.PathTaken, $"'{path}' exists and is not an empty folder");
        }

        WorkspaceSweep.Tidy(worktree);
    }
}
