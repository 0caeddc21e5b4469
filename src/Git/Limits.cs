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

    /// <summary>gitprotocol-common, pkt-line: "the maximum length of a pkt-line's data component is 65516 bytes".</summary>
    public const int PktLinePayloadBytesMax = 65516;

    /// <summary>The largest public repositories advertise some 100 MB (millions of pull refs); more is a trap.</summary>
    public const long AdvertisementBytesMax = 256L << 20;

    /// <summary>Refs of one advertisement: one digit more than the largest public repositories show.</summary>
    public const int AdvertisedRefsMax = 5_000_000;

    /// <summary>Capabilities of one server: git 2.50 has some 25; a longer list is no server's.</summary>
    public const int CapabilitiesMax = 256;

    /// <summary>Lines of acknowledgments and shallow boundaries in one reply: above what our own haves and any real shallow file bring.</summary>
    public const int ReplyLinesMax = 1_000_000;

    /// <summary>gitprotocol-http names no figure; git itself follows 20, browsers as many; real moves need two (http to https, old name to new).</summary>
    public const int RedirectsMax = 5;

    /// <summary>git compresses request bodies above 1,024 bytes (remote-curl.c); hex oids shrink by half.</summary>
    public const int RequestBytesPlainMax = 1024;

    /// <summary>What a helper program (ssh, git upload-pack) may say on its error channel that we keep: the last words tell the reason.</summary>
    public const int ErrorChannelBytesMax = 4096;

    /// <summary>A longer wait is obeyed as this much: a date in the next century is a mistake, not a wish.</summary>
    public static readonly TimeSpan RetryAfterMax = TimeSpan.FromDays(30);

    /// <summary>A credential that was throttled without a time rests so long: the least that forges' documents ask for.</summary>
    public static readonly TimeSpan CredentialRest = TimeSpan.FromMinutes(1);

    /// <summary>A netrc file of a thousand hosts is 100 KB.</summary>
    public const long NetrcBytesMax = 1 << 20;

    /// <summary>What a credential helper may answer: names, passwords, tokens of some KB.</summary>
    public const int CredentialCharsMax = 64 << 10;

    /// <summary>SHA-256 repositories remembered by URL in one process, so that each visit asks in the right format at once.</summary>
    public const int Sha256RepositoriesMax = 65_536;

    /// <summary>Objects of one LFS batch: git-lfs itself asks for 100 (<c>lfs.transfer.batchsize</c>), and servers refuse many more.</summary>
    public const int LfsBatchObjectsMax = 100;

    /// <summary>Bytes of an LFS batch's reply: a hundred objects with signed addresses and headers of 10,000 characters each, four times.</summary>
    public const int LfsReplyBytesMax = 4 << 20;

    /// <summary>Characters of an address or a header's value of an LFS download: storage services sign into some 2,000; servers take 8,192 to 16,384.</summary>
    public const int LfsAddressCharsMax = 16_384;

    /// <summary>Headers of one LFS download: real ones have one to five.</summary>
    public const int LfsHeadersMax = 64;

    /// <summary>Attempts at one LFS object that bring no byte more, before it is given up: what is cut goes on where it was.</summary>
    public const int LfsAttemptsMax = 3;

    /// <summary>A longer line of <c>.gitattributes</c> is passed over, as git does (attr.h, <c>ATTR_MAX_LINE_LENGTH</c>).</summary>
    internal const int AttributeLineBytesMax = 2048;

    /// <summary>A larger <c>.gitattributes</c> is passed over, as git does (attr.h, <c>ATTR_MAX_FILE_SIZE</c>).</summary>
    public const int AttributeFileBytesMax = 100 << 20;

    /// <summary>One file of git's configuration: people write some kilobytes.</summary>
    internal const int ConfigurationBytesMax = 16 << 20;

    /// <summary>Macros that stand for macros; git does not nest them more than once or twice, and a circle ends here.</summary>
    internal const int AttributeMacroDepthMax = 10;
}
