using System.Text;
using Actors.Git.Objects;
using Actors.Git.Refs;
using Actors.Store.Heads;
using Actors.Store.Objects;

namespace Actors.Store.Exports;

/// <summary>
/// Writes a repository as one of its snapshots had it: a bare repository of its own, one pack and packed refs, that any git
/// reads. Ref names of strangers go into <c>packed-refs</c> as text; none becomes a file name.
/// </summary>
public static class RepositoryExport
{
    /// <summary>Writes the repository beside its final name, then renames it: a reader sees all of it or nothing.</summary>
    /// <param name="objects">The store; must hold all that the snapshot reaches.</param>
    /// <param name="snapshot">Which refs.</param>
    /// <param name="directory">Must not exist, or be empty.</param>
    /// <param name="cancellationToken">Ends the work; what was written is removed.</param>
    /// <returns>How many objects the repository has.</returns>
    /// <exception cref="IOException">The folder is not empty, or cannot be written.</exception>
    public static async Task<long> WriteAsync(IObjectStore objects, Snapshot snapshot, string directory, CancellationToken cancellationToken)
    {
        string target = Path.GetFullPath(directory);
        if (File.Exists(target) || (Directory.Exists(target) && Directory.EnumerateFileSystemEntries(target).Any()))
        {
            throw new IOException($"'{directory}' exists and is not an empty folder; nothing was written.");
        }

        string partial = target + ".partial";
        if (Directory.Exists(partial))
        {
            Directory.Delete(partial, recursive: true);
        }

        Directory.CreateDirectory(Path.Combine(partial, "objects", "pack"));
        Directory.CreateDirectory(Path.Combine(partial, "objects", "info"));
        Directory.CreateDirectory(Path.Combine(partial, "refs", "heads"));
        try
        {
            List<Oid> tips = [.. snapshot.Branches.Where(b => b.Oid != Oid.Zero).Select(b => b.Oid).Distinct()];
            long count = await PackExport.WriteAsync(objects, tips, [], Path.Combine(partial, "objects", "pack"), "tmp_pack", cancellationToken).ConfigureAwait(false);
            await WriteRefsAsync(snapshot, partial, cancellationToken).ConfigureAwait(false);
            if (Directory.Exists(target))
            {
                Directory.Delete(target);
            }

            Directory.Move(partial, target);
            return count;
        }
        finally
        {
            if (Directory.Exists(partial))
            {
                Directory.Delete(partial, recursive: true);
            }
        }
    }

    /// <summary>gitrepository-layout: HEAD, config, and packed-refs as git pack-refs writes it.</summary>
    private static async Task WriteRefsAsync(Snapshot snapshot, string folder, CancellationToken cancellationToken)
    {
        using MemoryStream packed = new();
        packed.Write("# pack-refs with: peeled fully-peeled sorted \n"u8);
        byte[] head = "ref: refs/heads/main\n"u8.ToArray();
        List<(RefName Name, SnapshotBranch Branch)> refs = [];
        foreach (SnapshotBranch branch in snapshot.Branches)
        {
            if (branch.Name == RefName.Head)
            {
                head = Head(branch);
            }
            else if (branch.Oid != Oid.Zero)
            {
                refs.Add((ExportedName.Of(branch.Name), branch));
            }
        }

        foreach ((RefName name, SnapshotBranch branch) in refs.OrderBy(one => one.Name))
        {
            WritePacked(packed, name, branch);
        }

        await File.WriteAllBytesAsync(Path.Combine(folder, "HEAD"), head, cancellationToken).ConfigureAwait(false);
        await File.WriteAllBytesAsync(Path.Combine(folder, "packed-refs"), packed.ToArray(), cancellationToken).ConfigureAwait(false);
        await File.WriteAllTextAsync(
            Path.Combine(folder, "config"), "[core]\n\trepositoryformatversion = 0\n\tfilemode = true\n\tbare = true\n", cancellationToken).ConfigureAwait(false);
    }

    private static byte[] Head(SnapshotBranch branch) => branch.AliasOf is { } target
        ? [.. "ref: "u8, .. ExportedName.Of(target).Bytes, (byte)'\n']
        : Encoding.ASCII.GetBytes($"{branch.Oid}\n");

    private static void WritePacked(MemoryStream packed, RefName name, SnapshotBranch branch)
    {
        packed.Write(Encoding.ASCII.GetBytes($"{branch.Oid} "));
        packed.Write(name.Bytes);
        packed.WriteByte((byte)'\n');
        if (branch.Peeled is { } peeled)
        {
            packed.Write(Encoding.ASCII.GetBytes($"^{peeled}\n"));
        }
    }
}
