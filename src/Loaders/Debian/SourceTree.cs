using Actors.Git.Objects;
using Actors.Loaders.Objects;

namespace Actors.Loaders.Debian;

/// <summary>A source package's tree while it is put together, with the contents of those files that patches touch.</summary>
/// <param name="tree">The tree.</param>
/// <param name="sink">Where contents go.</param>
internal sealed class SourceTree(TreeDraft tree, IContentSink sink)
{
    private readonly Dictionary<string, byte[]> _contents = new(StringComparer.Ordinal);
    private readonly HunkPlacer _placer = new();

    public TreeDraft Tree { get; } = tree;

    /// <summary>Says what a file of the tree holds; its blob is there already.</summary>
    public void Know(string path, byte[] content) => _contents[path] = content;

    /// <summary>A file's content; null where there is no such file.</summary>
    /// <exception cref="ArchiveException">It was not kept.</exception>
    public byte[]? Read(string path) => Tree.Find(path) switch
    {
        null => null,
        { Kind: EntryKind.File or EntryKind.Executable } => _contents.GetValueOrDefault(path) ?? throw new ArchiveException($"'{PathText.Show(path)}' is patched, and was not read"),
        _ => throw new ArchiveException($"'{PathText.Show(path)}' is patched, and is no plain file"),
    };

    public async ValueTask WriteAsync(string path, byte[] content, bool executable, CancellationToken cancellationToken)
    {
        Oid oid = await sink.AddAsync(path, content, cancellationToken).ConfigureAwait(false);
        Tree.Put(path, executable ? EntryKind.Executable : EntryKind.File, oid);
        _contents[path] = content;
    }

    public async ValueTask LinkAsync(string path, string text, CancellationToken cancellationToken) =>
        Tree.Put(path, EntryKind.Link, await sink.AddAsync(path, PathText.Bytes(text), cancellationToken).ConfigureAwait(false));

    /// <summary>Applies one diff.</summary>
    /// <param name="files">What it says of each file.</param>
    /// <param name="removesEmpty">Whether a file that becomes empty goes (<c>patch -E</c>).</param>
    /// <param name="backup">Below this folder a copy of each file as it was is kept, an empty one of what was not there; null: none.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task ApplyAsync(IReadOnlyList<FilePatch> files, bool removesEmpty, string? backup, CancellationToken cancellationToken)
    {
        HashSet<string> backedUp = new(StringComparer.Ordinal);
        foreach (FilePatch file in files)
        {
            if (file.Copies)
            {
                await CopyAsync(file, backup, backedUp, cancellationToken).ConfigureAwait(false);
                continue;
            }

            string path = PathOf(file);
            byte[]? before = Read(path);
            if (file.Old is null && before is { Length: > 0 })
            {
                throw new ArchiveException($"a patch makes '{PathText.Show(path)}', which is there already");
            }

            bool executable = file.Executable ?? Tree.Find(path)?.Kind == EntryKind.Executable;
            if (backup is not null && backedUp.Add(path))
            {
                await WriteAsync($"{backup}/{path}", before ?? [], Tree.Find(path)?.Kind == EntryKind.Executable, cancellationToken).ConfigureAwait(false);
            }

            byte[] after = _placer.Apply(before ?? [], file);
            if (file.Removes && after.Length > 0 && file.Hunks is [{ New.Count: 0 }, ..])
            {
                throw new ArchiveException($"a patch removes '{PathText.Show(path)}', which has other contents");
            }

            if (after.Length == 0 && (file.Removes || removesEmpty))
            {
                Remove(path);
            }
            else if (file.IsLink)
            {
                await LinkAsync(path, PathText.Of(after), cancellationToken).ConfigureAwait(false);
            }
            else
            {
                await WriteAsync(path, after, executable, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    /// <summary>git's copies and renames, as GNU patch follows them.</summary>
    private async ValueTask CopyAsync(FilePatch file, string? backup, HashSet<string> backedUp, CancellationToken cancellationToken)
    {
        (string from, string to) = (file.Old!, file.New!);
        byte[] before = Read(from) ?? throw new ArchiveException($"a patch copies '{PathText.Show(from)}', which is not there");
        if (Tree.Find(to) is not null)
        {
            throw new ArchiveException($"a patch makes '{PathText.Show(to)}', which is there already");
        }

        bool executable = Tree.Find(from)?.Kind == EntryKind.Executable;
        if (backup is not null && file.Moves && backedUp.Add(from))
        {
            await WriteAsync($"{backup}/{from}", before, executable, cancellationToken).ConfigureAwait(false);
        }

        if (backup is not null && backedUp.Add(to))
        {
            await WriteAsync($"{backup}/{to}", [], executable: false, cancellationToken).ConfigureAwait(false);
        }

        await WriteAsync(to, _placer.Apply(before, file), file.Executable ?? executable, cancellationToken).ConfigureAwait(false);
        if (file.Moves)
        {
            Remove(from);
        }
    }

    /// <summary>Which of a patch's two names is meant, by the rules of GNU patch: the one that is there, with fewer folders, shorter.</summary>
    public string PathOf(FilePatch file)
    {
        if (file.Old is not { } old || file.New is not { } fresh)
        {
            return file.Old ?? file.New!;
        }

        bool oldIsThere = Tree.Find(old) is not null, freshIsThere = Tree.Find(fresh) is not null;
        if (oldIsThere != freshIsThere)
        {
            return oldIsThere ? old : fresh;
        }

        (int, int, int) Rank(string path) => (path.Count(c => c == '/'), path.Length - path.LastIndexOf('/'), path.Length);
        return Rank(fresh).CompareTo(Rank(old)) < 0 ? fresh : old;
    }

    /// <summary>Removes a file, and the folders that are empty without it, as patch does.</summary>
    private void Remove(string path)
    {
        Tree.Remove(path);
        _ = _contents.Remove(path);
        for (int slash = path.LastIndexOf('/'); slash > 0; slash = path.LastIndexOf('/', slash - 1))
        {
            string folder = path[..slash];
            if (Tree.Find(folder) is not { Children.Count: 0 })
            {
                return;
            }

            Tree.Remove(folder);
        }
    }
}
