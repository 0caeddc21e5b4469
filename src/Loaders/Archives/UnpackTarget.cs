using Actors.Git.Objects;
using Actors.Loaders.Objects;

namespace Actors.Loaders.Archives;

/// <summary>Where an archive is unpacked to: the tree that grows, the sink of contents, and the few files whose content a builder wants to read.</summary>
internal sealed class UnpackTarget(IContentSink contents, Func<string, bool>? keeps = null)
{
    private readonly Dictionary<string, byte[]> _kept = new(StringComparer.Ordinal);
    private long _keptBytes;

    public TreeDraft Tree { get; set; } = new();

    /// <summary>Contents of the files that were asked for, by path without <c>./</c>; later ones of the same path win.</summary>
    public IReadOnlyDictionary<string, byte[]> Kept => _kept;

    /// <summary>Bytes of kept files together; what the builder reads is small, what patches touch may be more.</summary>
    public long KeptBytesMax { get; init; } = 4L * Limits.MetadataBytesMax;

    /// <summary>Mode bits of which any makes a file executable: the user's, as Software Heritage normalises; <c>dpkg-source</c> takes all three.</summary>
    public int ExecutableBits { get; init; } = 0x40;

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
    }

    public void Folder(string path) => Tree.PutFolder(path);

    /// <summary>A second name of a file that came before.</summary>
    /// <exception cref="ArchiveException">There is none.</exception>
    public void HardLink(string path, string target)
    {
        TreeNode node = Tree.Find(target) is { Kind: not EntryKind.Folder } found
            ? found
            : throw new ArchiveException($"'{PathText.Show(path)}' is a hard link to what is not in the archive");
        Tree.Put(path, node.Kind, node.Oid);
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
