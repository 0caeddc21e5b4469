using System.Globalization;
using Actors.Git.Lfs;
using Actors.Git.Objects;
using Actors.Git.Remotes;
using Actors.Store.Heads;
using Actors.Store.Objects;

namespace Actors.Sync.Workspaces;

/// <summary>
/// One workspace on its way. Steps: 1 resolve the commit, 2 read its tree and those of its submodules, 3 claim the path, 4 hold the base, 5 take a name in it,
/// 6 fill a folder beside the path, 7 write index and record, 8 rename the folder: now it is whole. A failure takes everything back; a
/// crash leaves it to the next request or to <c>prune</c>.
/// </summary>
internal sealed partial class WorkspaceMaking(
    WorkspaceLayout layout, IObjectStore objects, string? alternate, Func<RepositoryUrl, CancellationToken, ValueTask<Snapshot?>> readHeads, TimeProvider clock, WorkspaceRequest request, string own)
{
    private readonly BaseName _name = BaseName.Of(request.Url);

    public required LfsClient? Lfs { get; init; }

    public required string? Boot { get; init; }

    public required Func<string, string?> Environs { get; init; }

    public async Task<WorkspaceResult> RunAsync(CancellationToken cancellationToken)
    {
        Snapshot? heads = await readHeads(request.Url, cancellationToken).ConfigureAwait(false);
        string? branch = request.Branch is { } wanted ? BranchRef.FullName(wanted) : null;
        SparseRules? sparse = ParseSparse();
        ResolvedCommit commit = await ResolvedCommit.FindAsync(objects, heads, request.Commit, cancellationToken).ConfigureAwait(false)
            ?? throw new WorkspaceRefusedException(WorkspaceEnd.NotFound, $"the store has no {request.Commit ?? "HEAD"} of {request.Url}") { Lacking = [request] };
        TreeListing listing = await TreeListing.ReadAsync(objects, commit.Tree, sparse, cancellationToken).ConfigureAwait(false);
        FileConversion conversion = await FileConversion.ForAsync(objects, listing, cancellationToken).ConfigureAwait(false);
        var settings = PersonalSettings.Read(layout.BaseOf(_name), Environs);
        conversion.Ask(settings);
        IReadOnlyList<PlannedSubmodule> submodules = request.Submodules
            ? await SubmodulePlan.ReadAsync(objects, readHeads, settings.AllowsFiles, request.Url, listing, cancellationToken).ConfigureAwait(false)
            : [];

        layout.Create();
        (string path, FileLock claim) = await ClaimPathAsync(commit.Commit, cancellationToken).ConfigureAwait(false);
        using (claim)
        {
            TrySweep();
            using FileLock held = await FileLock.TakeAsync(layout.LockOf(_name), shared: true, clock, cancellationToken).ConfigureAwait(false);
            string folder = BaseRepository.Ensure(layout, request.Url, alternate, heads, own);
            BaseRepository.Touch(folder, clock);
            if (alternate is null)
            {
                await LentObjects.BringAsync(folder, objects, commit.Commit, own, cancellationToken).ConfigureAwait(false);
            }

            BaseRepository.Refresh(
                folder, heads, alternate is null && heads is not null ? await LentObjects.FindTipsAsync(folder, objects, heads, own, cancellationToken).ConfigureAwait(false) : null, own);

            LargeFiles large = await BringLargeAsync(request.Url, listing, conversion, folder, cancellationToken).ConfigureAwait(false);
            var worktree = Worktree.Take(folder, path);
            PartialNote note = new(Path.Combine(Path.GetDirectoryName(path)!, WorkspaceLayout.PartialPrefix + own), branch, commit.Commit);
            try
            {
                note.Write(worktree);
                WriteAdministration(worktree, note, sparse, submodules, path);
                long bytes = await FillAsync(worktree, note, new Checkout(objects, large, clock), listing, conversion, cancellationToken).ConfigureAwait(false);
                bytes += await FillSubmodulesAsync(submodules, worktree.Folder, note.Folder, path, cancellationToken).ConfigureAwait(false);
                DateTimeOffset made = Publish(folder, worktree, note, path);
                return new WorkspaceResult
                {
                    Request = request,
                    End = WorkspaceEnd.Made,
                    Workspace = new Workspace { Url = request.Url, Commit = commit.Commit, Path = path, Base = _name, Name = worktree.Name, MadeAt = made },
                    Entries = listing.Items.Count + CountEntries(submodules),
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

            if (request.Path is null && IsTaken(path))
            {
                continue;
            }

            FileLock claim = await FileLock.TakeAsync(layout.LockOf(path), shared: false, clock, cancellationToken).ConfigureAwait(false);
            if (!IsTaken(path))
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

    private static bool IsTaken(string path) => File.Exists(path) || (Directory.Exists(path) && Directory.EnumerateFileSystemEntries(path).Any());

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

    /// <summary>The rename is the moment from which the workspace is there; what follows is tidying.</summary>
    private DateTimeOffset Publish(string folder, Worktree worktree, PartialNote note, string path)
    {
        if (note.Branch is not null)
        {
            BranchRef.Create(folder, worktree, note);
        }

        // The record has whole seconds.
        var made = DateTimeOffset.FromUnixTimeSeconds(Now);
        worktree.WriteRecord(request.Url, note.Commit, made);
        _ = Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        if (!Posix.TryRename(note.Folder, path))
        {
            throw new WorkspaceRefusedException(WorkspaceEnd.PathTaken, $"'{path}' exists and is not an empty folder");
        }

        WorkspaceSweep.Tidy(worktree);
        return made;
    }
}
