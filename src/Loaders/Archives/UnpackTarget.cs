using Actors.Git.Objects;
using Actors.Loaders.Objects;

namespace Actors.Loaders.Archives;

/// <summary>Where an archive is unpacked to: the tree that grows, the sink of contents, and the few files whose content a builder wants to read.</summary>
internal sealed class UnpackTarget(IContentSink contents, Func<string, bool>? keeps = null)
{
    private const int UserExecutable = 0x40;

    private readonly Dictionary<string, byte[]> _kept = new(StringComparer.Ordinal);
    private readonly List<string> _links = [];
    private long _keptBytes;

    public TreeDraft Tree { get; set; } = new();

    /// <summary>Contents of the files that were asked for, by path without <c>./</c>; later ones of the same path win.</summary>
    public IReadOnlyDictionary<string, byte[]> Kept => _kept;

    /// <summary>Bytes of kept files together; what the builder reads is small, what patches touch may be more.</summary>
    public long KeptBytesMax { get; init; } = 4L * Limits.MetadataBytesMax;

    /// <summary>Mode bits of which any makes a file executable: the user's, as Software Heritage normalises; <c>dpkg-source</c> takes all three.</summary>
    public int ExecutableBits { get; init; } = UserExecutable;

    public async ValueTask FileAsync(string path, bool executable, byte[] content, CancellationToken cancellationToken)
    {
        Oid oid = await contents.AddAsync(path, content, cancellationToken).ConfigureAwait(false);
        Tree.Put(path, executable ? EntryKind.Executable : EntryKind.File, oid);
        Keep(path, content);
    }

    public async ValueTask LinkAsync(string path, string text, CancellationToken cancellationToken)
    {
        Oid oid = await contents.AddAsync(path, PathText.Bytes(text), cancellationToken).ConfigureAwait(false);
        Tree.Put(path, EntryKind.Link, oid);
        if (keeps is not null && Normal(path) is var normal && keeps(normal))
        {
            _links.Add(normal);
        }
    }

    /// <summary>Keeps what those links lead to that a builder wants to read: called when the tree is complete.</summary>
    public async ValueTask KeepLinkedAsync(CancellationToken cancellationToken)
    {
        foreach (string path in _links)
        {
            if (Tree.Find(path) is { Kind: EntryKind.Link } && await LinkedFile.ReadAsync(Tree, contents, path, cancellationToken).ConfigureAwait(false) is { } content)
            {
                Keep(path, content.ToArray());
            }
        }
    }

    public void Folder(string path) => Tree.PutFolder(path);

    /// <summary>A folder of a tar archive: where a file stands it makes none, and gives its mode to the file, as Python does.</summary>
    public void Folder(string path, int mode)
    {
        if (Tree.PutFolderOrLeave(path) is { Kind: EntryKind.File or EntryKind.Executable } file)
        {
            file.Kind = (mode & ExecutableBits) != 0 ? EntryKind.Executable : EntryKind.File;
        }
    }

    /// <summary>A second name of a file that came before. Its own mode becomes that of all its names, as where they are one file; <c>dpkg-source</c> leaves the first.</summary>
    /// <exception cref="ArchiveException">There is none.</exception>
    public void HardLink(string path, string target, int mode)
    {
        TreeNode node = Tree.Find(target) is { Kind: not EntryKind.Folder } found
            ? found
            : throw new ArchiveException($"'{PathText.Show(path)}' is a hard link to what is not in the archive");
        if (node.Kind != EntryKind.Link && ExecutableBits == UserExecutable)
        {
            node.Kind = (mode & ExecutableBits) != 0 ? EntryKind.Executable : EntryKind.File;
        }

        Tree.PutAgain(path, node);
        if (_kept.TryGetValue(Normal(target), out byte[]? content))
        {
            Keep(path, content);
        }
    }

    /// <summary>Keeps a content that came by another way than through the archive.</summary>
    public void Keep(string path, ReadOnlyMemory<byte> content) => _kept[path] = content.ToArray();

    /// <summary>A path as <see cref="Kept"/> has it.</summary>
    public static string Normal(string path) => string.Join('/', TreeDraft.Split(path));

    private void Keep(string path, byte[] content)
    {
        if (keeps is null)
        {
            return;
        }

        string normal = Normal(path);
        if (!keeps(normal) || content.Length > KeptBytesMax)
        {
            return;
        }

        _keptBytes += content.Length;
        if (_keptBytes > KeptBytesMax)
        {
            throw new ArchiveException($"the files that describe the release have more than {KeptBytesMax} bytes");
        }

        _kept[normal] = content;
    }
}
