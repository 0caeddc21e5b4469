using System.Text;
using Actors.Git.Checkouts;
using Actors.Git.Objects;
using Actors.Git.Remotes;
using Actors.Store.Heads;
using Actors.Store.Objects;

namespace Actors.Sync.Workspaces;

/// <summary>
/// Which submodules a workspace will have, theirs too: <c>.gitmodules</c> is judged by git's rules (<see cref="SubmoduleEntry.Refuse"/>), every
/// commit and tree read. What the store lacks is gathered, so that one campaign can bring all of a level.
/// </summary>
internal sealed class SubmodulePlan
{
    private static readonly byte[] FileName = [.. ".gitmodules"u8];
    private readonly IObjectStore _objects;
    private readonly Func<RepositoryUrl, CancellationToken, ValueTask<Snapshot?>> _heads;
    private readonly bool _allowFiles;
    private readonly List<WorkspaceRequest> _lacking = [];
    private int _count;

    private SubmodulePlan(IObjectStore objects, Func<RepositoryUrl, CancellationToken, ValueTask<Snapshot?>> heads, bool allowFiles) =>
        (_objects, _heads, _allowFiles) = (objects, heads, allowFiles);

    /// <summary>Reads all levels.</summary>
    /// <param name="objects">The store.</param>
    /// <param name="heads">The stored heads of a repository.</param>
    /// <param name="allowFiles">See <see cref="SubmoduleUrl"/>.</param>
    /// <param name="url">The repository on top.</param>
    /// <param name="listing">Its tree.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="WorkspaceRefusedException">The store lacks some, or there is no URL for one.</exception>
    /// <exception cref="UnsafeTreeException">git would refuse one.</exception>
    public static async Task<IReadOnlyList<PlannedSubmodule>> ReadAsync(
        IObjectStore objects, Func<RepositoryUrl, CancellationToken, ValueTask<Snapshot?>> heads, bool allowFiles, RepositoryUrl url, TreeListing listing, CancellationToken cancellationToken)
    {
        SubmodulePlan plan = new(objects, heads, allowFiles);
        IReadOnlyList<PlannedSubmodule> planned = await plan.ReadAsync(url, listing, 1, cancellationToken).ConfigureAwait(false);
        return plan._lacking is [var first, ..]
            ? throw new WorkspaceRefusedException(WorkspaceEnd.NotFound, $"the store lacks {plan._lacking.Count} submodules, among them {first.Commit} of {first.Url}") { Lacking = plan._lacking }
            : planned;
    }

    private async Task<IReadOnlyList<PlannedSubmodule>> ReadAsync(RepositoryUrl url, TreeListing listing, int depth, CancellationToken cancellationToken)
    {
        CheckoutItem[] links = [.. listing.Items.Where(item => item is { Kind: TreeItem.Gitlink, Left: false })];
        if (links.Length == 0)
        {
            return [];
        }

        _count += links.Length;
        if (depth > Limits.SubmoduleDepthMax || _count > Limits.SubmodulesMax)
        {
            throw new UnsafeTreeException($"it has more than {Limits.SubmodulesMax} submodules, or more than {Limits.SubmoduleDepthMax} in one another");
        }

        Dictionary<string, SubmoduleEntry> entries = await ReadModulesAsync(listing, cancellationToken).ConfigureAwait(false);
        (string Path, SubmoduleEntry Entry, Oid Commit)[] wanted = [.. links.Select(link => Judge(link, entries)).Where(one => one.Entry.Update != "none")];
        RefuseInOneAnother([.. wanted.Select(one => one.Entry.Name).Order(StringComparer.Ordinal)]);
        List<PlannedSubmodule> planned = [];
        foreach ((string path, SubmoduleEntry entry, Oid commit) in wanted)
        {
            if (!SubmoduleUrl.TryResolve(url, entry.Url!, _allowFiles, out RepositoryUrl of, out string? reason))
            {
                throw new UnsafeTreeException($"the URL of submodule '{Shown(path)}' {reason}");
            }

            if (await ReadOneAsync(path, entry, of, commit, depth, cancellationToken).ConfigureAwait(false) is { } one)
            {
                planned.Add(one);
            }
        }

        return planned;
    }

    private async Task<PlannedSubmodule?> ReadOneAsync(string path, SubmoduleEntry entry, RepositoryUrl url, Oid commit, int depth, CancellationToken cancellationToken)
    {
        if (await ResolvedCommit.FindAsync(_objects, null, commit.ToString(), cancellationToken).ConfigureAwait(false) is not { } resolved)
        {
            _lacking.Add(new WorkspaceRequest { Url = url, Commit = commit.ToString() });
            return null;
        }

        TreeListing listing = await TreeListing.ReadAsync(_objects, resolved.Tree, null, cancellationToken).ConfigureAwait(false);
        return new PlannedSubmodule
        {
            Entry = entry,
            Path = path,
            Url = url,
            Commit = resolved.Commit,
            Listing = listing,
            Conversion = await FileConversion.ForAsync(_objects, listing, cancellationToken).ConfigureAwait(false),
            Heads = await _heads(url, cancellationToken).ConfigureAwait(false),
            Inner = await ReadAsync(url, listing, depth + 1, cancellationToken).ConfigureAwait(false),
        };
    }

    /// <summary>By path.</summary>
    private async Task<Dictionary<string, SubmoduleEntry>> ReadModulesAsync(TreeListing listing, CancellationToken cancellationToken)
    {
        Dictionary<string, SubmoduleEntry> entries = new(StringComparer.Ordinal);
        CheckoutItem file = listing.Items.FirstOrDefault(item => item.Kind is TreeItem.File or TreeItem.Program && item.Path.AsSpan().SequenceEqual(FileName));
        if (file.Path is not null && await _objects.ReadAsync(file.Oid, Limits.SubmoduleFileBytesMax, cancellationToken).ConfigureAwait(false) is { Type: ObjectType.Blob } blob)
        {
            foreach (SubmoduleEntry entry in GitModules.Read(blob.Content.Span).Where(one => one.Path is not null))
            {
                entries[entry.Path!] = entry;
            }
        }

        return entries;
    }

    private static (string Path, SubmoduleEntry Entry, Oid Commit) Judge(CheckoutItem link, Dictionary<string, SubmoduleEntry> entries)
    {
        string path = Encoding.UTF8.GetString(link.Path);
        if (!entries.TryGetValue(path, out SubmoduleEntry? entry) || entry.Url is null)
        {
            // git stops here too: submodule--helper.c, init_submodule.
            throw new WorkspaceRefusedException(WorkspaceEnd.Unsafe, $"there is no URL for submodule '{Shown(path)}' in .gitmodules");
        }

        return entry.Refuse() is { } reason ? throw new UnsafeTreeException($"submodule '{Shown(path)}' {reason}") : (path, entry, link.Oid);
    }

    /// <summary>submodule.c, <c>validate_submodule_git_dir</c>: one's repository may not be within another's (CVE-2019-1387).</summary>
    private static void RefuseInOneAnother(string[] names)
    {
        for (int i = 1; i < names.Length; i++)
        {
            string outer = names.Take(i).FirstOrDefault(name => name == names[i] || names[i].StartsWith(name + "/", StringComparison.Ordinal)) ?? "";
            if (outer.Length > 0)
            {
                throw new UnsafeTreeException($"submodule '{Shown(names[i])}' would be within '{Shown(outer)}'");
            }
        }
    }

    private static string Shown(string text) => TreeListing.Shown(Encoding.UTF8.GetBytes(text));
}
