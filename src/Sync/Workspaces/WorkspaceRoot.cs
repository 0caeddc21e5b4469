using Actors.Git.Lfs;
using Actors.Git.Remotes;
using Actors.Store.Heads;
using Actors.Store.Objects;

namespace Actors.Sync.Workspaces;

/// <summary>
/// The workspaces of one store: git worktrees of any stored commit, made in a moment, sharing one base repository for each URL, which
/// borrows its objects from the store. Safe for any number of calls, processes and machines at once; what is promised after a crash
/// is in <c>README.md</c>. Reads the store, never writes it: bringing what lacks is a sync.
/// </summary>
public sealed partial class WorkspaceRoot
{
    private readonly WorkspaceLayout _layout;
    private readonly IObjectStore _objects;
    private readonly string? _alternate;
    private readonly IHeadStore _heads;
    private readonly TimeProvider _clock;
    private readonly DateTimeOffset _began;
    private int _own;

    /// <param name="folder">Where bases, locks and default trees are; made when needed. Of one store.</param>
    /// <param name="objects">The store.</param>
    /// <param name="alternate">The store's git object directory, which bases borrow from; null when it has none (a shared store): then bases get what they need as packs.</param>
    /// <param name="heads">The stored heads.</param>
    /// <param name="clock">For dates and waits.</param>
    public WorkspaceRoot(string folder, IObjectStore objects, string? alternate, IHeadStore heads, TimeProvider clock)
    {
        _layout = new WorkspaceLayout(Path.GetFullPath(folder));
        (_objects, _alternate, _heads, _clock, _began) = (objects, alternate, heads, clock, clock.GetUtcNow());
    }

    /// <summary>Fetches large files for requests that want them; null: such requests fail.</summary>
    public LfsClient? Lfs { get; init; }

    /// <summary>See <see cref="UnwrittenFiles.ReadBoot"/>.</summary>
    internal string? Boot { get; init; } = UnwrittenFiles.ReadBoot();

    /// <summary>Variables of the environment, which tell where git's configuration is.</summary>
    internal Func<string, string?> Environs { get; init; } = Environment.GetEnvironmentVariable;

    /// <summary>Where the workspaces of a local store are by default.</summary>
    public static string FolderOf(string store) => Path.Combine(store, "workspaces");

    /// <summary>
    /// Makes one workspace of what the store has. Expected ends are values; <see cref="WorkspaceEnd.NotFound"/> asks for a fetch.
    /// </summary>
    /// <exception cref="OperationCanceledException">Cancelled: nothing of it remains.</exception>
    public async Task<WorkspaceResult> AddAsync(WorkspaceRequest request, CancellationToken cancellationToken)
    {
        try
        {
            return await new WorkspaceMaking(_layout, _objects, _alternate, ReadHeadsAsync, _clock, request, NextOwn()) { Lfs = Lfs, Boot = Boot, Environs = Environs }
                .RunAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (WorkspaceRefusedException e)
        {
            return new WorkspaceResult { Request = request, End = e.End, Error = e.Message, Lacking = e.Lacking };
        }
        catch (UnsafeTreeException e)
        {
            return new WorkspaceResult { Request = request, End = WorkspaceEnd.Unsafe, Error = e.Message };
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or Git.GitFormatException)
        {
            return new WorkspaceResult { Request = request, End = WorkspaceEnd.Failed, Error = e.Message };
        }
    }

    /// <summary>
    /// All whole workspaces, by base and name. What is being made or removed, lost its folder, or was not all written when the machine
    /// lost power, is not among them. What is listed is on the disk: those that nobody listed before are flushed first.
    /// </summary>
    public IEnumerable<Workspace> List()
    {
        List<(Worktree Worktree, Workspace Workspace)> whole = [];
        foreach (BaseName name in _layout.ListBases().OrderBy(one => one.ToString(), StringComparer.Ordinal))
        {
            foreach (Worktree worktree in Worktree.List(_layout.BaseOf(name)))
            {
                if (worktree.ReadWhole(name) is { } workspace)
                {
                    whole.Add((worktree, workspace));
                }
            }
        }

        FlushedMarks marks = new(Boot);
        return [.. whole.Where(one => marks.TryMake(one.Worktree, one.Workspace.Path)).Select(one => one.Workspace)];
    }

    private string NextOwn() => WorkspaceLayout.Own(_began, Interlocked.Increment(ref _own));

    private async ValueTask<Snapshot?> ReadHeadsAsync(RepositoryUrl url, CancellationToken cancellationToken)
    {
        RepositoryState? state = (await _heads.FindAsync([url], cancellationToken).ConfigureAwait(false))[0];
        return state?.Snapshot is { } id ? await _heads.ReadSnapshotAsync(id, cancellationToken).ConfigureAwait(false) : null;
    }
}
