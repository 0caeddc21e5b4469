using Actors.Git.Lfs;
using Actors.Git.Objects;
using Actors.Store.Blobs;

namespace Actors.Sync.Mirrors;

/// <summary>
/// Names of a mirror's blobs: a repository as git's "dumb" HTTP protocol reads it (gitprotocol-http, "Dumb Clients";
/// gitrepository-layout), and what we keep of our own beside it.
/// </summary>
public static class MirrorLayout
{
    /// <summary>gitrepository-layout, <c>HEAD</c>.</summary>
    public static BlobKey Head { get; } = BlobKey.Parse("HEAD");

    /// <summary>gitrepository-layout, <c>info/refs</c>.</summary>
    public static BlobKey Refs { get; } = BlobKey.Parse("info/refs");

    /// <summary>gitrepository-layout, <c>objects/info/packs</c>.</summary>
    public static BlobKey Packs { get; } = BlobKey.Parse("objects/info/packs");

    /// <summary>What we know of the mirror; written last.</summary>
    public static BlobKey State { get; } = BlobKey.Parse("actors-mirror.json");

    /// <summary>For <c>git clone --bundle-uri</c>.</summary>
    public static BlobKey Bundle { get; } = BlobKey.Parse("mirror.bundle");

    /// <summary>All packs and pack indexes.</summary>
    public const string PackPrefix = "objects/pack/";

    /// <summary>A pack.</summary>
    public static BlobKey PackOf(Oid pack) => BlobKey.Parse($"{PackPrefix}pack-{pack}.pack");

    /// <summary>A pack's index.</summary>
    public static BlobKey IndexOf(Oid pack) => BlobKey.Parse($"{PackPrefix}pack-{pack}.idx");

    /// <summary>Who writes a generation of the mirror; made by one writer only.</summary>
    internal static BlobKey ClaimOf(long generation) => BlobKey.Parse($"actors/claims/{generation}.json");

    /// <summary>All objects of Git LFS.</summary>
    public const string LfsPrefix = "lfs/objects/";

    /// <summary>An object of Git LFS, where <c>git-lfs</c> itself keeps it below a repository's folder.</summary>
    public static BlobKey LfsObjectOf(LfsOid oid)
    {
        string text = oid.ToString();
        return BlobKey.Parse($"{LfsPrefix}{text[..2]}/{text[2..4]}/{text}");
    }
}
