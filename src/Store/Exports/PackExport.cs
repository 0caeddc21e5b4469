using Actors.Git.Objects;
using Actors.Git.Packs;
using Actors.Store.Objects;

namespace Actors.Store.Exports;

/// <summary>Writes what some objects reach as one pack with its index into a git object directory.</summary>
public static class PackExport
{
    /// <summary>Writes the pack under a temporary name, indexes it, and renames it: git sees both files or none.</summary>
    /// <param name="objects">The store; must hold all that the tips reach.</param>
    /// <param name="tips">What is wanted, with all that it reaches.</param>
    /// <param name="known">Commits of which the directory has everything already.</param>
    /// <param name="packs">The directory's <c>pack</c> folder.</param>
    /// <param name="temporary">A name there that nobody else uses.</param>
    /// <param name="cancellationToken">Ends the work; the caller removes what was written.</param>
    /// <returns>How many objects were written.</returns>
    public static async Task<long> WriteAsync(
        IObjectStore objects, IReadOnlyList<Oid> tips, IReadOnlyList<Oid> known, string packs, string temporary, CancellationToken cancellationToken)
    {
        List<Oid> oids = [];
        await foreach (ObjectReference reached in ObjectWalk.ListAsync(objects, tips, known, exact: false, cancellationToken).ConfigureAwait(false))
        {
            oids.Add(reached.Oid);
        }

        if (oids.Count == 0)
        {
            return 0;
        }

        string written = Path.Combine(packs, temporary);
        FileStream file = new(written, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, 1 << 20);
        Oid checksum;
        await using (file.ConfigureAwait(false))
        {
            checksum = await objects.WritePackAsync(oids, file, cancellationToken).ConfigureAwait(false);
        }

        string name = Path.Combine(packs, $"pack-{checksum}");
        string index = written + ".idx";
        await PackIndexer.IndexFileAsync(new PackIndexOptions { PackPath = written, IndexPath = index, ListReferences = false }, cancellationToken).ConfigureAwait(false);
        // git looks for the index: it comes last.
        File.Move(written, name + ".pack", overwrite: true);
        File.Move(index, name + ".idx", overwrite: true);
        return oids.Count;
    }
}
