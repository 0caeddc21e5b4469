using System.Globalization;
using Actors.Git.Objects;
using Actors.Store.Blobs;

namespace Actors.Store.Catalogue;

/// <summary>Names of a shared store's blobs: what they hold, and the upload that brought them.</summary>
internal static class BlobNames
{
    public const string Packs = "packs/";
    public const string Aside = "aside/";
    public const string Index = "index/";

    /// <summary>Prefixes under which every blob belongs to a row of the catalogue, or to nobody.</summary>
    public static IReadOnlyList<string> Prefixes { get; } = [Packs, Aside, Index];

    public static BlobKey Pack(Oid name, long upload) => BlobKey.Parse($"{Packs}{Fan(name)}/pack-{name}-{upload}.pack");

    public static BlobKey PackIndex(Oid name, long upload) => BlobKey.Parse($"{Packs}{Fan(name)}/pack-{name}-{upload}.idx");

    public static BlobKey AsidePack(string aside, long upload, Oid name) => BlobKey.Parse($"{Aside}{aside}-{upload}/pack-{name}.pack");

    public static BlobKey AsideIndex(string aside, long upload, Oid name) => BlobKey.Parse($"{Aside}{aside}-{upload}/pack-{name}.idx");

    /// <summary>A run of the object index; the upload's number makes the name.</summary>
    public static BlobKey Run(int range, long upload) => BlobKey.Parse($"{Index}{range:x4}/run-{upload}.oids");

    /// <summary>The upload's number in a blob's name; null: no name of ours.</summary>
    public static long? UploadOf(BlobKey key)
    {
        string[] segments = key.ToString().Split('/');
        string named = segments[0] + "/" == Aside && segments.Length > 1 ? segments[1] : Path.GetFileNameWithoutExtension(segments[^1]);
        return long.TryParse(named[(named.LastIndexOf('-') + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out long upload) ? upload : null;
    }

    private static string Fan(Oid name) => name.ToString()[..2];
}
