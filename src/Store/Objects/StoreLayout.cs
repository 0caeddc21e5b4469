using Actors.Git.Objects;
using Actors.Store.Index;

namespace Actors.Store.Objects;

/// <summary>
/// Names in a store's directory. <c>objects/</c> is a standard git object directory: any git reads it when it is named
/// in <c>objects/info/alternates</c>.
/// </summary>
/// <param name="Root">The store's directory.</param>
internal sealed record StoreLayout(string Root)
{
    /// <summary>What <see cref="Format"/> holds; a store written by a later version that this one must not touch says another number.</summary>
    private const string FormatLine = "actors store 1\n";

    public string Objects => Path.Combine(Root, "objects");

    /// <summary>Visible packs.</summary>
    public string Packs => Path.Combine(Objects, "pack");

    /// <summary>The object index over all packs; derived.</summary>
    public string Index => Path.Combine(Root, "index");

    /// <summary>Packs on their way in, one directory an ingest; swept by the next writer.</summary>
    public string Incoming => Path.Combine(Root, "incoming");

    /// <summary>Ingests kept aside, one directory each.</summary>
    public string Aside => Path.Combine(Root, "aside");

    public string Format => Path.Combine(Root, "format");

    public string Lock => Path.Combine(Root, "writer.lock");

    /// <summary>Process id of the writer, for the message to a second one; outlives a killed writer, so it proves nothing.</summary>
    public string Writer => Path.Combine(Root, "writer.pid");

    public string PackFile(Oid pack) => Path.Combine(Packs, $"pack-{pack}.pack");

    public string IndexFile(Oid pack) => Path.Combine(Packs, $"pack-{pack}.idx");

    /// <summary>Makes what is missing. Only a writer does.</summary>
    public void Create()
    {
        foreach (string directory in (ReadOnlySpan<string>)[Root, Objects, Packs, Path.Combine(Objects, "info"), Index, Incoming, Aside])
        {
            _ = Directory.CreateDirectory(directory);
        }

        if (!File.Exists(Format))
        {
            DurableFiles.Replace(Format, System.Text.Encoding.ASCII.GetBytes(FormatLine), fsync: true);
        }
    }

    /// <summary>Refuses a directory that is no store or one of another format.</summary>
    /// <exception cref="StoreOpenException">It is.</exception>
    public void Check()
    {
        if (!File.Exists(Format))
        {
            throw new StoreOpenException($"There is no store at {Root}.");
        }

        string found = File.ReadAllText(Format);
        if (found != FormatLine)
        {
            throw new StoreOpenException($"The store at {Root} has the format '{found.Trim()}'; this program knows '{FormatLine.Trim()}' only.");
        }
    }

    /// <summary>Visible packs: those with both files. The pack index is renamed last, so it tells.</summary>
    public IEnumerable<Oid> ListPacks()
    {
        foreach (string file in Directory.EnumerateFiles(Packs, "pack-*.idx"))
        {
            if (Oid.TryParse(Path.GetFileNameWithoutExtension(file.AsSpan())["pack-".Length..], out Oid pack) && File.Exists(PackFile(pack)))
            {
                yield return pack;
            }
        }
    }

    /// <summary>
    /// Removes what an earlier writer did not bring to its commit point: packs on their way in, and visible packs' single
    /// files. A pack without an index was never visible or is being removed, and what it held is in another one.
    /// </summary>
    public void SweepUnfinished()
    {
        foreach (string directory in Directory.EnumerateDirectories(Incoming))
        {
            Directory.Delete(directory, recursive: true);
        }

        HashSet<Oid> whole = [.. ListPacks()];
        foreach (string file in Directory.EnumerateFiles(Packs, "pack-*"))
        {
            if (Oid.TryParse(Path.GetFileNameWithoutExtension(file.AsSpan())["pack-".Length..], out Oid pack) && !whole.Contains(pack))
            {
                File.Delete(file);
            }
        }
    }
}
