using System.Text;
using Actors.Loaders.Archives;
using Actors.Loaders.Loads;
using Actors.Loaders.Objects;
using Actors.Loaders.Packages;

namespace Actors.Loaders.Debian;

/// <summary>
/// Puts a Debian source package together as <c>dpkg-source -x</c> does, without a disk: formats 1.0, 3.0 (native) and 3.0 (quilt).
/// 1. The description tells the format. 2. What patches there are comes before what they patch, so that the archives can stream
/// by and only files that patches touch are kept in memory. 3. Archives, without their top folder. 4. Patches. 5. What
/// dpkg-source adds.
/// </summary>
internal sealed class SourceUnpacking(ReleaseFetch fetch, IContentSink sink)
{
    private const string Changelog = "debian/changelog";

    // dpkg-source gives x to all where anybody has it.
    private const int AnyExecutable = 0x49;

    private readonly HashSet<string> _touched = new(StringComparer.Ordinal) { Changelog };

    /// <summary>Fetches all files and fills the target; its kept files have <c>debian/changelog</c>.</summary>
    public async Task RunAsync(PackageRelease release, UnpackTarget target, CancellationToken cancellationToken)
    {
        SourceFiles files = SourceFiles.Of(release.Artifacts);
        byte[] description = await ReadAsync(files.Description, Limits.MetadataBytesMax, cancellationToken).ConfigureAwait(false);
        string format = DebianControl.FormatOf(description);
        SourceTree source = format switch
        {
            "1.0" when files.Diff is not null => await OldAsync(files, cancellationToken).ConfigureAwait(false),
            "1.0" or "3.0 (native)" => await MainAsync(files.Main!, quilt: false, cancellationToken).ConfigureAwait(false),
            "3.0 (quilt)" when files is { HasOrig: true, Debian: not null } => await QuiltAsync(files, files.Debian, cancellationToken).ConfigureAwait(false),
            _ => throw new ArchiveException($"source format '{format}' with these files is not supported"),
        };
        if (format != "1.0" && source.Tree.Find("debian/source/format") is null)
        {
            await source.WriteAsync("debian/source/format", Encoding.UTF8.GetBytes(format + "\n"), executable: false, cancellationToken).ConfigureAwait(false);
        }

        if (source.Tree.Find("debian/rules") is { Kind: EntryKind.File } rules)
        {
            source.Tree.Put("debian/rules", EntryKind.Executable, rules.Oid);
        }

        target.Tree = source.Tree;
        bool plain = source.Tree.Find(Changelog) is { Kind: EntryKind.File or EntryKind.Executable };
        ReadOnlyMemory<byte>? changelog = plain ? source.Read(Changelog) : await LinkedFile.ReadAsync(source.Tree, sink, Changelog, cancellationToken).ConfigureAwait(false);
        if (changelog is { } found)
        {
            target.Keep(Changelog, found);
        }
    }

    private async Task<SourceTree> OldAsync(SourceFiles files, CancellationToken cancellationToken)
    {
        byte[] diff = [];
        await fetch.UseAsync(
            files.Diff!,
            async measured =>
            {
                PeekedStream plain = new(Decompression.Open(ArchiveFormat.Gzip, new PeekedStream(new Borrowed(measured)), () => measured.Count));
                await using (plain.ConfigureAwait(false))
                {
                    diff = await WholeAsync(plain, Limits.PatchBytesMax, cancellationToken).ConfigureAwait(false);
                }
            },
            cancellationToken).ConfigureAwait(false);
        List<FilePatch> patches = UnifiedDiff.Parse(diff);
        Touch(patches);
        SourceTree source = await MainAsync(files.Main!, quilt: false, cancellationToken).ConfigureAwait(false);
        await source.ApplyAsync(patches, removesEmpty: false, backup: null, cancellationToken).ConfigureAwait(false);
        return source;
    }

    private async Task<SourceTree> QuiltAsync(SourceFiles files, Artifact debian, CancellationToken cancellationToken)
    {
        UnpackTarget packaging = new(sink, path => path == Changelog || path.StartsWith("debian/patches/", StringComparison.Ordinal) || _touched.Contains(path))
        {
            ExecutableBits = AnyExecutable,
            KeptBytesMax = Limits.PatchBytesMax,
        };
        await UnpackAsync(debian, packaging, cancellationToken).ConfigureAwait(false);
        QuiltSeries series = QuiltSeries.Read(packaging);
        series.Patches.ForEach(patch => Touch(patch.Files));
        SourceTree source = await MainAsync(files.Main!, quilt: true, cancellationToken).ConfigureAwait(false);
        foreach ((string folder, Artifact component) in files.Components)
        {
            source.Tree.Remove(folder);
            (TreeDraft tree, IReadOnlyDictionary<string, byte[]> kept) = await StrippedAsync(component, folder + "/", quilt: false, cancellationToken).ConfigureAwait(false);
            source.Tree.Graft(folder, tree);
            Know(source, kept, folder + "/");
        }

        source.Tree.Remove("debian");
        Overlay(packaging.Tree.Root, "", source);
        Know(source, packaging.Kept, "");
        await series.ApplyAsync(source, cancellationToken).ConfigureAwait(false);
        return source;
    }

    private async Task<SourceTree> MainAsync(Artifact archive, bool quilt, CancellationToken cancellationToken)
    {
        (TreeDraft tree, IReadOnlyDictionary<string, byte[]> kept) = await StrippedAsync(archive, "", quilt, cancellationToken).ConfigureAwait(false);
        SourceTree source = new(tree, sink);
        Know(source, kept, "");
        return source;
    }

    /// <summary>Unpacks an archive and leaves out its only top folder; kept files are named as in the result.</summary>
    private async Task<(TreeDraft Tree, IReadOnlyDictionary<string, byte[]> Kept)> StrippedAsync(Artifact archive, string below, bool quilt, CancellationToken cancellationToken)
    {
        UnpackTarget unpacked = new(sink, path => _touched.Contains(below + path) || _touched.Contains(below + path[(path.IndexOf('/', StringComparison.Ordinal) + 1)..]))
        {
            ExecutableBits = AnyExecutable,
            KeptBytesMax = Limits.PatchBytesMax,
        };
        await UnpackAsync(archive, unpacked, cancellationToken).ConfigureAwait(false);
        if (quilt)
        {
            // An archive must not bring a patch state of its own.
            unpacked.Tree.Remove(".pc");
            foreach (TreeNode top in unpacked.Tree.Root.Children!.Values.Where(node => node.Kind == EntryKind.Folder))
            {
                _ = top.Children!.Remove(".pc");
            }
        }

        TreeDraft stripped = unpacked.Tree.WithoutTopFolder();
        if (ReferenceEquals(stripped, unpacked.Tree))
        {
            return (stripped, unpacked.Kept);
        }

        string prefix = unpacked.Tree.Root.Children!.Keys.Single() + "/";
        return (stripped, unpacked.Kept.Where(file => file.Key.StartsWith(prefix, StringComparison.Ordinal))
            .ToDictionary(file => file.Key[prefix.Length..], file => file.Value, StringComparer.Ordinal));
    }

    private Task UnpackAsync(Artifact archive, UnpackTarget target, CancellationToken cancellationToken) =>
        fetch.UseAsync(archive, measured => Archive.UnpackAsync(measured, target, cancellationToken), cancellationToken);

    private async Task<byte[]> ReadAsync(Artifact artifact, long bytesMax, CancellationToken cancellationToken)
    {
        byte[] whole = [];
        await fetch.UseAsync(artifact, async measured => whole = await WholeAsync(measured, bytesMax, cancellationToken).ConfigureAwait(false), cancellationToken).ConfigureAwait(false);
        return whole;
    }

    private static async Task<byte[]> WholeAsync(Stream stream, long bytesMax, CancellationToken cancellationToken)
    {
        MemoryStream whole = new();
        byte[] buffer = new byte[64 << 10];
        try
        {
            int read;
            while ((read = await stream.ReadAsync(buffer, cancellationToken).ConfigureAwait(false)) > 0)
            {
                whole.Write(buffer, 0, read);
                if (whole.Length > bytesMax)
                {
                    throw new ArchiveException($"a patch or description has more than {bytesMax} bytes");
                }
            }
        }
        catch (InvalidDataException e)
        {
            throw new ArchiveException($"damaged: {e.Message}", e);
        }

        return whole.ToArray();
    }

    private void Touch(IEnumerable<FilePatch> patches)
    {
        foreach (FilePatch patch in patches)
        {
            _ = patch.Old is not null && _touched.Add(patch.Old);
            _ = patch.New is not null && _touched.Add(patch.New);
        }
    }

    private static void Know(SourceTree source, IReadOnlyDictionary<string, byte[]> kept, string below)
    {
        foreach ((string path, byte[] content) in kept)
        {
            source.Know(below + path, content);
        }
    }

    /// <summary>Lays a tree over another: folders are joined, all else is replaced.</summary>
    private static void Overlay(TreeNode folder, string path, SourceTree onto)
    {
        foreach ((string name, TreeNode node) in folder.Children!)
        {
            string child = path.Length == 0 ? name : $"{path}/{name}";
            if (node.Kind != EntryKind.Folder)
            {
                onto.Tree.Put(child, node.Kind, node.Oid);
                continue;
            }

            if (onto.Tree.Find(child) is { Kind: not EntryKind.Folder })
            {
                onto.Tree.Remove(child);
            }

            onto.Tree.PutFolder(child);
            Overlay(node, child, onto);
        }
    }
}
