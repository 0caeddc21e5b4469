using System.Runtime.InteropServices;
using Actors.Git.Objects;
using Actors.Store.Index;

namespace Actors.Store.Objects;

/// <summary>
/// One ingest kept aside: <c>aside/NAME/</c> with its packs, a note and all oids that it lacked. It comes to be by one
/// rename of the ingest's directory, and ends by the removal of its note first.
/// </summary>
/// <param name="Path">The directory.</param>
/// <param name="Note">What is written beside.</param>
internal sealed record AsideDirectory(string Path, AsideNote Note)
{
    private const string NoteFile = "note.json";
    private const string MissingFile = "missing";

    public string Name => System.IO.Path.GetFileName(Path);

    /// <summary>Ingests kept aside, oldest first.</summary>
    public static IEnumerable<AsideDirectory> List(StoreLayout layout)
    {
        var found = new List<AsideDirectory>();
        foreach (string path in Directory.Exists(layout.Aside) ? Directory.EnumerateDirectories(layout.Aside) : [])
        {
            string note = System.IO.Path.Combine(path, NoteFile);
            if (File.Exists(note))
            {
                found.Add(new AsideDirectory(path, AsideNote.Parse(File.ReadAllBytes(note))));
            }
        }

        return found.OrderBy(one => one.Note.KeptAt).ThenBy(one => one.Name, StringComparer.Ordinal);
    }

    /// <summary>Puts a directory with packs aside under a name that its packs give it, so that the same packs are kept once.</summary>
    public static void Keep(StoreLayout layout, string directory, Oid name, AsideNote note, IReadOnlyList<Oid> missing)
    {
        string target = System.IO.Path.Combine(layout.Aside, name.ToString());
        if (File.Exists(System.IO.Path.Combine(target, NoteFile)))
        {
            return;
        }

        if (Directory.Exists(target))
        {
            // Its note is gone: the rest of one whose removal was cut off.
            Directory.Delete(target, recursive: true);
        }

        DurableFiles.Replace(System.IO.Path.Combine(directory, MissingFile), MemoryMarshal.AsBytes<Oid>(missing.ToArray()), fsync: true);
        DurableFiles.Replace(System.IO.Path.Combine(directory, NoteFile), note.ToBytes(), fsync: true);
        Directory.Move(directory, target);
        DurableFiles.FlushDirectory(layout.Aside);
    }

    /// <summary>All oids that were missing when it was put aside.</summary>
    public Oid[] ReadMissing() => MemoryMarshal.Cast<byte, Oid>(File.ReadAllBytes(System.IO.Path.Combine(Path, MissingFile))).ToArray();

    /// <summary>Its packs with their indexes.</summary>
    public IEnumerable<(string Pack, string Index)> ListPacks() =>
        Directory.EnumerateFiles(Path, "*.pack").Order(StringComparer.Ordinal).Select(pack => (pack, System.IO.Path.ChangeExtension(pack, ".idx")));

    /// <summary>Rewrites the note.</summary>
    public void Annotate(AsideNote note) => DurableFiles.Replace(System.IO.Path.Combine(Path, NoteFile), note.ToBytes(), fsync: true);

    /// <summary>Removes it.</summary>
    public void Remove()
    {
        File.Delete(System.IO.Path.Combine(Path, NoteFile));
        Directory.Delete(Path, recursive: true);
    }

    public AsidePack Describe() => new(Name, Note.Reason, Note.PackBytes, [.. ReadMissing().Take(Limits.MissingListed)]);
}
