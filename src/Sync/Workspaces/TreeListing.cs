using System.Collections.Concurrent;
using System.Text;
using Actors.Git;
using Actors.Git.Checkouts;
using Actors.Git.Objects;

namespace Actors.Sync.Workspaces;

/// <summary>
/// All that a tree reaches, as files to be: reads each distinct tree once, several at a time, and refuses what git refuses. Nothing
/// is written before the whole tree is known to be safe.
/// </summary>
internal sealed class TreeListing
{
    private readonly IObjectSource _objects;
    private readonly SparseRules? _sparse;
    private readonly Dictionary<Oid, IReadOnlyList<TreeItem>> _trees = [];

    private TreeListing(IObjectSource objects, SparseRules? sparse) => (_objects, _sparse) = (objects, sparse);

    /// <summary>Files, links and submodules in order of path, as the index has them.</summary>
    public IReadOnlyList<CheckoutItem> Items { get; private set; } = [];

    /// <summary>Folders to make, each after the one that it is in.</summary>
    public IReadOnlyList<byte[]> Folders { get; private set; } = [];

    /// <summary>The tree itself, for the index.</summary>
    public required IndexTree Top { get; init; }

    /// <param name="objects">Where trees are read.</param>
    /// <param name="tree">The top.</param>
    /// <param name="sparse">What is left out of the working tree; null: nothing.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="UnsafeTreeException">A name that git refuses, a name twice, too many entries, or a tree that is not here.</exception>
    public static async Task<TreeListing> ReadAsync(IObjectSource objects, Oid tree, SparseRules? sparse, CancellationToken cancellationToken)
    {
        List<IndexTree> folders = [];
        TreeListing listing = new(objects, sparse) { Top = new IndexTree(ReadOnlyMemory<byte>.Empty, tree, folders) };
        await listing.ReadTreesAsync(tree, cancellationToken).ConfigureAwait(false);
        _ = listing.Count(tree, 0, []);
        listing.Spread(new Folder([], listing.Top, folders, null));
        return listing;
    }

    /// <summary>Every distinct tree, once: a tree may be named a million times.</summary>
    private async Task ReadTreesAsync(Oid top, CancellationToken cancellationToken)
    {
        Oid[] level = [top];
        while (level.Length > 0)
        {
            IReadOnlyList<TreeItem>[] read = await ReadLevelAsync(level, cancellationToken).ConfigureAwait(false);
            HashSet<Oid> next = [];
            for (int i = 0; i < level.Length; i++)
            {
                _trees[level[i]] = read[i];
                foreach (TreeItem item in read[i])
                {
                    _ = item.Kind == TreeItem.Directory && next.Add(item.Oid);
                }
            }

            next.RemoveWhere(_trees.ContainsKey);
            level = [.. next];
            if (_trees.Count + level.Length > Limits.CheckoutEntriesMax)
            {
                throw TooLarge();
            }
        }
    }

    /// <summary>Entries below a tree, itself not; counted before anything is made of them.</summary>
    private long Count(Oid tree, int depth, Dictionary<Oid, long> counted)
    {
        if (counted.TryGetValue(tree, out long count))
        {
            return count;
        }

        foreach (TreeItem item in _trees[tree])
        {
            count += item.Kind == TreeItem.Directory && depth < Limits.CheckoutDepthMax ? Count(item.Oid, depth + 1, counted) + 1 : 1;
            if (count > Limits.CheckoutEntriesMax || depth >= Limits.CheckoutDepthMax)
            {
                throw TooLarge();
            }
        }

        return counted[tree] = count;
    }

    private void Spread(Folder top)
    {
        List<CheckoutItem> items = [];
        List<byte[]> folders = [];
        List<Folder> all = [top];
        for (int i = 0; i < all.Count; i++)
        {
            Add(all[i], _trees[all[i].Node.Oid], items, all);
            if (i > 0 && _sparse?.Holds(all[i].Path) != false)
            {
                folders.Add(all[i].Path);
            }
        }

        items.Sort((a, b) => a.Path.AsSpan().SequenceCompareTo(b.Path));
        for (int i = all.Count - 1; i > 0; i--)
        {
            all[i].Parent!.Node.Entries += all[i].Node.Entries;
        }

        // Folders of submodules are made as others are.
        foreach (CheckoutItem item in items)
        {
            if (item is { Kind: TreeItem.Gitlink, Left: false })
            {
                folders.Add(item.Path);
            }
        }

        (Items, Folders) = (items, folders);
    }

    private void Add(Folder folder, IReadOnlyList<TreeItem> tree, List<CheckoutItem> items, List<Folder> next)
    {
        HashSet<string> names = new(tree.Count, StringComparer.Ordinal);
        foreach (TreeItem item in tree)
        {
            byte[] path = Join(folder.Path, item.Name.Span);
            string? reason = SafeName.Refuse(item.Name.Span, item.Kind);
            reason ??= names.Add(Encoding.Latin1.GetString(item.Name.Span)) ? null : "is in its tree twice";
            reason ??= path.Length > Limits.CheckoutPathBytesMax ? $"has a path of more than {Limits.CheckoutPathBytesMax} bytes" : null;
            if (reason is not null)
            {
                throw new UnsafeTreeException($"'{Shown(path)}' {reason}");
            }

            if (item.Kind == TreeItem.Directory)
            {
                List<IndexTree> folders = [];
                IndexTree node = new(item.Name, item.Oid, folders);
                folder.Folders.Add(node);
                next.Add(new Folder(path, node, folders, folder));
            }
            else
            {
                folder.Node.Entries++;
                items.Add(new CheckoutItem(path, item.Kind, item.Oid, _sparse?.Holds(folder.Path) == false));
            }
        }
    }

    private async Task<IReadOnlyList<TreeItem>[]> ReadLevelAsync(Oid[] level, CancellationToken cancellationToken)
    {
        var trees = new IReadOnlyList<TreeItem>[level.Length];
        if (level.Length < Limits.CheckoutTreesAtOnceMin)
        {
            for (int i = 0; i < trees.Length; i++)
            {
                trees[i] = await ReadTreeAsync(level[i], cancellationToken).ConfigureAwait(false);
            }

            return trees;
        }

        await Parallel.ForEachAsync(
            Partitioner.Create(0, trees.Length, Limits.CheckoutTreesAtOnceMin).GetDynamicPartitions(),
            new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount, CancellationToken = cancellationToken },
            async (range, token) =>
            {
                for (int i = range.Item1; i < range.Item2; i++)
                {
                    trees[i] = await ReadTreeAsync(level[i], token).ConfigureAwait(false);
                }
            }).ConfigureAwait(false);
        return trees;
    }

    private async ValueTask<IReadOnlyList<TreeItem>> ReadTreeAsync(Oid oid, CancellationToken cancellationToken)
    {
        GitObject? tree = await _objects.ReadAsync(oid, Limits.CheckoutTreeBytesMax, cancellationToken).ConfigureAwait(false);
        return tree?.Type == ObjectType.Tree
            ? TreeItem.List(tree.Content)
            : throw new UnsafeTreeException($"object {oid} is {(tree is null ? "not in the store" : "no tree")}");
    }

    private static UnsafeTreeException TooLarge() =>
        new($"the tree has more than {Limits.CheckoutEntriesMax} entries, or more than {Limits.CheckoutDepthMax} folders in one another");

    /// <summary>A path for people: what is no UTF-8 or moves a cursor is shown as a question mark.</summary>
    internal static string Shown(ReadOnlySpan<byte> path) =>
        new([.. Encoding.UTF8.GetString(path).Select(c => char.IsControl(c) || c == '\ufffd' ? '?' : c)]);

    private static byte[] Join(byte[] folder, ReadOnlySpan<byte> name)
    {
        byte[] path = new byte[folder.Length + (folder.Length == 0 ? 0 : 1) + name.Length];
        folder.CopyTo(path, 0);
        if (folder.Length > 0)
        {
            path[folder.Length] = (byte)'/';
        }

        name.CopyTo(path.AsSpan(path.Length - name.Length));
        return path;
    }

    private sealed record Folder(byte[] Path, IndexTree Node, List<IndexTree> Folders, Folder? Parent);
}
