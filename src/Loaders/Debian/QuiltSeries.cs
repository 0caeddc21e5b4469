using System.Text;
using Actors.Loaders.Archives;
using Actors.Loaders.Objects;

namespace Actors.Loaders.Debian;

/// <summary>The patches of a package in format 3.0 (quilt), and the state that quilt keeps of them in <c>.pc</c>.</summary>
internal sealed class QuiltSeries
{
    private const string Folder = "debian/patches/";

    private QuiltSeries(string seriesFile, List<(string Name, List<FilePatch> Files)> patches) => (SeriesFile, Patches) = (seriesFile, patches);

    public List<(string Name, List<FilePatch> Files)> Patches { get; }

    private string SeriesFile { get; }

    /// <summary>Reads the series that Debian uses, and its patches.</summary>
    /// <exception cref="ArchiveException">A patch is missing, malformed, or leads out of the tree.</exception>
    public static QuiltSeries Read(UnpackTarget packaging)
    {
        string seriesFile = packaging.Tree.Find(Folder + "debian.series") is not null ? "debian.series" : "series";
        List<(string, List<FilePatch>)> patches = [];
        if (packaging.Kept.TryGetValue(Folder + seriesFile, out byte[]? series))
        {
            foreach (string name in Encoding.Latin1.GetString(series).Split('\n').Select(NameOf).Where(name => name.Length > 0))
            {
                string path = string.Join('/', TreeDraft.Split(Folder + name));
                byte[] patch = packaging.Kept.GetValueOrDefault(path) ?? throw new ArchiveException($"the patch '{PathText.Show(name)}' is missing");
                List<FilePatch> files = UnifiedDiff.Parse(patch);
                if (files.Count == 0 && patch.Length > 0)
                {
                    throw new ArchiveException($"the patch '{PathText.Show(name)}' has words only");
                }

                patches.Add((name, files));
                if (patches.Count > Limits.PatchesMax)
                {
                    throw new ArchiveException($"more than {Limits.PatchesMax} patches");
                }
            }
        }

        return new QuiltSeries(seriesFile, patches);
    }

    /// <summary>Makes <c>.pc</c>, and applies the patches one after the other.</summary>
    public async Task ApplyAsync(SourceTree source, CancellationToken cancellationToken)
    {
        await source.WriteAsync(".pc/.version", "2\n"u8.ToArray(), false, cancellationToken).ConfigureAwait(false);
        await source.WriteAsync(".pc/.quilt_patches", "debian/patches\n"u8.ToArray(), false, cancellationToken).ConfigureAwait(false);
        await source.WriteAsync(".pc/.quilt_series", Encoding.Latin1.GetBytes(SeriesFile + "\n"), false, cancellationToken).ConfigureAwait(false);
        StringBuilder applied = new();
        foreach ((string name, List<FilePatch> files) in Patches)
        {
            await source.ApplyAsync(files, removesEmpty: true, $".pc/{name}", cancellationToken).ConfigureAwait(false);
            applied.Append(name).Append('\n');
        }

        await source.WriteAsync(".pc/applied-patches", Encoding.Latin1.GetBytes(applied.ToString()), false, cancellationToken).ConfigureAwait(false);
        if (SeriesFile != "series" && (source.Tree.Find(Folder + "series") is null or { Kind: EntryKind.Link }))
        {
            await source.LinkAsync(Folder + "series", SeriesFile, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>One line: white space and comments go, and so do options.</summary>
    private static string NameOf(string line)
    {
        string text = line.Trim();
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] == '#' && (i == 0 || char.IsWhiteSpace(text[i - 1])))
            {
                text = text[..i];
                break;
            }
        }

        return text.Trim().Split((char[])[' ', '\t'], 2)[0];
    }
}
