using Actors.Git.Objects;

namespace Actors.Loaders.Objects;

/// <summary>
/// A folder tree while an archive is unpacked into it: names and blob oids, no contents. Paths are <see cref="PathText"/>.
/// What a file system would refuse is refused here: a file below a file, names that are too long; what would leave the
/// tree (<c>..</c>, an absolute path, a way through a link) as well.
/// </summary>
internal sealed class TreeDraft
{
    private int _entries;

    public TreeNode Root { get; private set; } = new(EntryKind.Folder, default);

    /// <summary>Adds or replaces a file or a link.</summary>
    /// <exception cref="ArchiveException">It cannot be there.</exception>
    public void Put(string path, EntryKind kind, Oid oid) => PutAgain(path, new TreeNode(kind, oid));

    /// <summary>As <see cref="Put"/>, for a node that may be there under another name.</summary>
    /// <exception cref="ArchiveException">It cannot be there.</exception>
    public void PutAgain(string path, TreeNode node)
    {
        string[] names = Split(path);
        if (names.Length == 0)
        {
            throw new ArchiveException("an entry has no name");
        }

        TreeNode folder = Walk(names, names.Length - 1);
        if (folder.Children!.GetValueOrDefault(names[^1]) is { Kind: EntryKind.Folder })
        {
            throw new ArchiveException($"'{PathText.Show(path)}' is a file and a folder");
        }

        Count();
        folder.Children![names[^1]] = node;
    }

    /// <summary>Adds a folder, where there is none yet.</summary>
    /// <exception cref="ArchiveException">It cannot be there.</exception>
    public void PutFolder(string path)
    {
        string[] names = Split(path);
        _ = Walk(names, names.Length);
    }

    /// <summary>As <see cref="PutFolder"/>, but what stands there already stays, a file too.</summary>
    /// <returns>What is there.</returns>
    /// <exception cref="ArchiveException">It cannot be there.</exception>
    public TreeNode PutFolderOrLeave(string path)
    {
        string[] names = Split(path);
        TreeNode folder = Walk(names, Math.Max(0, names.Length - 1));
        return names.Length > 0 && folder.Children!.TryGetValue(names[^1], out TreeNode? there) ? there : Walk(names, names.Length);
    }

    /// <summary>The entry at a path, or null.</summary>
    public TreeNode? Find(string path)
    {
        TreeNode? node = Root;
        foreach (string name in Split(path))
        {
            node = node?.Children?.GetValueOrDefault(name);
        }

        return node;
    }

    /// <summary>Removes an entry with all below it; nothing where there is none.</summary>
    public void Remove(string path)
    {
        string[] names = Split(path);
        TreeNode? folder = Find(string.Join('/', names[..^1]));
        _ = folder?.Children?.Remove(names[^1]);
    }

    /// <summary>Moves a whole draft to a path of this one, in place of what stands there.</summary>
    public void Graft(string path, TreeDraft other)
    {
        string[] names = Split(path);
        if (names.Length == 0)
        {
            Root = other.Root;
            return;
        }

        Walk(names, names.Length - 1).Children![names[^1]] = other.Root;
        _entries += other._entries;
    }

    /// <summary>The draft whose root is the only top folder of this one, as <c>dpkg-source</c> strips it; itself when there is more than that folder.</summary>
    public TreeDraft WithoutTopFolder()
    {
        TreeNode? only = Root.Children!.Count == 1 ? Root.Children.Values.First() : null;
        return only is { Kind: EntryKind.Folder } ? new TreeDraft { Root = only, _entries = _entries } : this;
    }

    /// <summary>All blobs of the tree.</summary>
    public HashSet<Oid> ListBlobs()
    {
        HashSet<Oid> blobs = [];
        Stack<TreeNode> open = new([Root]);
        while (open.TryPop(out TreeNode? folder))
        {
            foreach (TreeNode child in folder.Children!.Values)
            {
                if (child.Kind == EntryKind.Folder)
                {
                    open.Push(child);
                }
                else
                {
                    _ = blobs.Add(child.Oid);
                }
            }
        }

        return blobs;
    }

    /// <summary>The names of a path, without empty ones and <c>.</c>.</summary>
    /// <exception cref="ArchiveException">Absolute, or with <c>..</c>, or longer than any file system takes.</exception>
    public static string[] Split(string path)
    {
        if (path.Length > Limits.PathBytesMax)
        {
            throw new ArchiveException($"a path has {path.Length} bytes, at most {Limits.PathBytesMax} can be");
        }

        if (path.StartsWith('/'))
        {
            throw new ArchiveException($"'{PathText.Show(path)}' is an absolute path");
        }

        string[] names = [.. path.Split('/').Where(name => name.Length > 0 && name != ".")];
        foreach (string name in names)
        {
            if (name == ".." || name.Contains('\0', StringComparison.Ordinal))
            {
                throw new ArchiveException($"'{PathText.Show(path)}' leads out of the archive");
            }

            if (name.Length > Limits.NameBytesMax)
            {
                throw new ArchiveException($"a name has {name.Length} bytes, at most {Limits.NameBytesMax} can be");
            }
        }

        return names.Length <= Limits.DepthMax ? names : throw new ArchiveException($"folders are nested {names.Length} deep, at most {Limits.DepthMax} can be");
    }

    private TreeNode Walk(string[] names, int count)
    {
        TreeNode node = Root;
        for (int i = 0; i < count; i++)
        {
            if (!node.Children!.TryGetValue(names[i], out TreeNode? next))
            {
                Count();
                next = new TreeNode(EntryKind.Folder, default);
                node.Children.Add(names[i], next);
            }

            node = next.Kind == EntryKind.Folder
                ? next
                : throw new ArchiveException($"'{PathText.Show(string.Join('/', names[..(i + 1)]))}' is a {(next.Kind == EntryKind.Link ? "link" : "file")} and a folder");
        }

        return node;
    }

    private void Count()
    {
        if (++_entries > Limits.EntriesMax)
        {
            throw new ArchiveException($"more than {Limits.EntriesMax} entries");
        }
    }
}
