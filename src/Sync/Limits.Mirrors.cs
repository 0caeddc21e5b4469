namespace Actors.Sync;

public static partial class Limits
{
    /// <summary>Bytes of a mirror's state document: a few dozen packs and a day's retired ones are 100 KB. One request reads it.</summary>
    internal const int MirrorStateBytesMax = 1 << 20;

    /// <summary>Read of a state document at first: nearly all are smaller, and an unchanged mirror costs this one request.</summary>
    internal const int MirrorStateBytesExpected = 32 << 10;

    /// <summary>Packs and retired packs of one mirror: the geometric rule keeps some ten, and a day of updates each minute retires 1,440.</summary>
    internal const int MirrorPacksMax = 10_000;

    /// <summary>Bytes of <c>info/refs</c>: as many as an advertisement may have.</summary>
    internal const int MirrorRefsBytesMax = 256 << 20;

    /// <summary>Bytes of one pack of a mirror: what lies on the local disk while it is uploaded. Larger repositories have several packs.</summary>
    internal const long MirrorPackBytesMax = 1L << 30;

    /// <summary>Old packs stay so long after nothing names them any more: the slowest clone that began before.</summary>
    internal static readonly TimeSpan MirrorGrace = TimeSpan.FromHours(24);

    /// <summary>Four small writes take well under a second; a writer that needs longer gives up, and another one goes on after it.</summary>
    internal static readonly TimeSpan MirrorClaimTime = TimeSpan.FromSeconds(30);

    /// <summary>Read of <c>info/refs</c> at first: some 3,000 refs in one request.</summary>
    internal const int MirrorRefsBytesExpected = 256 << 10;

    /// <summary>Claims in a row whose writers did not publish: each is a killed process.</summary>
    internal const int MirrorClaimsMax = 100;

    /// <summary>Another writer's claim is looked at again so often: its writes take less.</summary>
    internal static readonly TimeSpan MirrorClaimLook = TimeSpan.FromSeconds(1);

    /// <summary>How often a publication begins anew because another writer was faster. Each time means that one published.</summary>
    internal const int MirrorAttemptsMax = 5;

    /// <summary>Mirrors published at once: they mostly wait for the target's answers.</summary>
    internal const int MirrorJobs = 16;

    /// <summary>Packs written to the local disk at once, over all mirrors: with <see cref="MirrorPackBytesMax"/> the bytes that they take there.</summary>
    internal const int MirrorSpoolsMax = 4;

    /// <summary>A bundle is written again when packs of so many times its bytes were added since: half.</summary>
    internal const double MirrorBundleGrowth = 0.5;

    /// <summary>Objects of Git LFS on their way at once for one mirror: one connection seldom fills a line.</summary>
    internal const int MirrorLfsAtOnce = 4;

    /// <summary>Mirrors that bring objects of Git LFS at once: with <see cref="MirrorLfsAtOnce"/> how many lie on the local disk.</summary>
    internal const int MirrorLfsSpoolsMax = 2;

    /// <summary>So many objects of Git LFS are looked for one by one; for more, one listing of a thousand a request is cheaper.</summary>
    internal const int MirrorLfsLooksMax = 16;

    /// <summary>A pointer has less than 1,024 bytes, but may be a delta of a blob that git found alike: at most some 32 times as long.</summary>
    internal const int MirrorPointerBasesBytesMax = 64 << 10;

    /// <summary>Characters of a source or a location in a state document: a URL's limit.</summary>
    internal const int MirrorTextCharsMax = 4096;
}
