using Actors.Git.Objects;
using Actors.Git.Packs;

namespace Actors.Store.Objects;

/// <summary>Writes a pack of a store to files and indexes it by reading it again: for stores that do not know where they put what.</summary>
internal static class PackFiles
{
    public static async Task<Oid> WriteAsync(
        IObjectStore objects, IReadOnlyList<Oid> oids, string packPath, string indexPath, IProgress<long>? progress, CancellationToken cancellationToken)
    {
        try
        {
            Oid checksum;
            var file = new FileStream(packPath, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, 1 << 16);
            await using (file.ConfigureAwait(false))
            {
                checksum = await objects.WritePackAsync(
                    oids, progress is null ? file : new ReportingStream(file, progress), cancellationToken).ConfigureAwait(false);
            }

            var options = new PackIndexOptions { PackPath = packPath, IndexPath = indexPath, ListReferences = false, Fsync = false };
            _ = await PackIndexer.IndexFileAsync(options, cancellationToken).ConfigureAwait(false);
            return checksum;
        }
        catch
        {
            File.Delete(packPath);
            File.Delete(indexPath);
            throw;
        }
    }
}
