using Actors.Git.Objects;
using Actors.Store.Exports;
using Actors.Store.Objects;

namespace Actors.Sync.Workspaces;

/// <summary>
/// What a base holds itself of a store that is no git object directory: packs of what its workspaces' commits reach, for stock git to
/// read. Files under <c>actors-lent/</c> name the commits of which everything is there.
/// </summary>
internal static class LentObjects
{
    private const string Folder = "actors-lent";

    /// <summary>Brings what a commit reaches and the base lacks. Repeating it is harmless; two at once write the same pack twice.</summary>
    public static async Task BringAsync(string baseFolder, IObjectStore objects, Oid commit, string own, CancellationToken cancellationToken)
    {
        string lent = Directory.CreateDirectory(Path.Combine(baseFolder, Folder)).FullName;
        if (File.Exists(Path.Combine(lent, commit.ToString())))
        {
            return;
        }

        List<Oid> known = [];
        foreach (string file in Directory.EnumerateFiles(lent))
        {
            if (Oid.TryParse(Path.GetFileName(file), out Oid oid))
            {
                known.Add(oid);
            }
        }

        string packs = Path.Combine(baseFolder, "objects", "pack");
        string temporary = $"tmp_pack_{own}";
        try
        {
            await PackExport.WriteAsync(objects, [commit], known, packs, temporary, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            File.Delete(Path.Combine(packs, temporary));
            File.Delete(Path.Combine(packs, temporary + ".idx"));
        }

        // Last: only now is everything there.
        await File.WriteAllBytesAsync(Path.Combine(lent, commit.ToString()), [], cancellationToken).ConfigureAwait(false);
    }
}
