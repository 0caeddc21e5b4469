using Actors.Store.Blobs;

namespace Actors.Web.Lfs;

/// <summary>What a URL's path below the gateway names.</summary>
/// <param name="Mirror">The mirror's folder, as asked for; empty: the root itself.</param>
/// <param name="File">What is asked of it.</param>
internal readonly record struct MirrorPath(string Mirror, string File)
{
    /// <summary>The batch API below a repository's URL.</summary>
    public const string Batch = "info/lfs/objects/batch";

    private static readonly string[] WholeNames = [Batch, "HEAD", "info/refs", "objects/info/packs", "mirror.bundle"];
    private static readonly string[] Folders = ["objects/pack/", "lfs/objects/"];

    /// <summary>Cuts a path into a mirror and one of the files that readers of mirrors ask for. Nothing else is served: other things may lie in the same bucket.</summary>
    public static bool TryParse(string path, out MirrorPath named)
    {
        named = default;
        string text = path.TrimStart('/');
        if (!BlobKey.TryParse(text, out _))
        {
            return false;
        }

        foreach (string name in WholeNames)
        {
            if (text == name || text.EndsWith("/" + name, StringComparison.Ordinal))
            {
                named = new MirrorPath(text[..^name.Length].TrimEnd('/'), name);
                return true;
            }
        }

        foreach (string folder in Folders)
        {
            int at = ("/" + text).LastIndexOf("/" + folder, StringComparison.Ordinal);
            if (at >= 0)
            {
                named = new MirrorPath(text[..at].TrimEnd('/'), text[at..]);
                return IsServed(named.File);
            }
        }

        return false;
    }

    /// <summary>
    /// The folders that it may mean: git-lfs puts <c>.git</c> behind a URL that does not have it (docs/api/server-discovery.md).
    /// </summary>
    public IEnumerable<string> Candidates() => Mirror.EndsWith(".git", StringComparison.Ordinal) ? [Mirror, Mirror[..^4]] : Mirror.Length == 0 ? [""] : [Mirror, Mirror + ".git"];

    /// <summary>The key of a file of a mirror.</summary>
    public static bool TryKey(string mirror, string file, out BlobKey key) => BlobKey.TryParse(mirror.Length == 0 ? file : $"{mirror}/{file}", out key);

    private static bool IsServed(string file) => file.Split('/') switch
    {
        ["objects", "pack", var pack] => pack.StartsWith("pack-", StringComparison.Ordinal) && Path.GetExtension(pack) is ".pack" or ".idx",
        ["lfs", "objects", var first, var second, var oid] => Git.Lfs.LfsOid.TryParse(oid, out _) && oid.StartsWith(first + second, StringComparison.Ordinal) && first.Length == 2,
        _ => false,
    };
}
