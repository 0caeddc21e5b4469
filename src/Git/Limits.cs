namespace Actors.Git;

/// <summary>What bytes from outside may ask of us at most. Each figure has its reason; exceeding one is <see cref="GitFormatError.OverLimit"/>.</summary>
public static class Limits
{
    /// <summary>git itself cannot make longer ones on a usual file system (4,096 bytes of path); HTTP servers stop earlier.</summary>
    public const int RefNameBytesMax = 4096;

    /// <summary>Longer URLs are rubbish in a list; forges and proxies refuse them from 2,048 to 8,192 characters on.</summary>
    public const int UrlCharsMax = 4096;

    /// <summary>Enough for a person to see what a remote said; its whole HTML page is no use in a report.</summary>
    public const int RemoteMessageCharsMax = 500;

    /// <summary>Haves sent in one round: 256 to 1,024 cost a server nothing (measured: 32 to 46 ms for 1 to 1,024).</summary>
    public const int HavesPerRound = 512;

    /// <summary>Deflate makes no more bytes of one than this (zlib's technical details: 1,032 to 1): a larger announced size is a lie, told before memory is taken.</summary>
    public const long DeflateRatioMax = 1032;
}
