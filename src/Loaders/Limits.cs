namespace Actors.Loaders;

/// <summary>What archives and registries may ask of us at most. Each figure has its reason; exceeding one fails that release alone.</summary>
public static partial class Limits
{
    /// <summary>Bytes of one content: as much as the object store takes. One rule for all sizes: what is larger fails its release, what is not is stored.</summary>
    public const long ContentBytesMax = 2_000_000_000;

    /// <summary>Bytes of an archive as it comes: the largest source archives of the registries have some 5 GB.</summary>
    public const long ArchiveBytesMax = 16L << 30;

    /// <summary>Bytes of a zip archive: its directory stands at its end, so it is held in memory.</summary>
    public const long ZipBytesMax = 1L << 30;

    /// <summary>Bytes of all contents of one archive: ten times the largest known source release (Chromium, 4 GB unpacked a part).</summary>
    public const long UnpackedBytesMax = 64L << 30;

    /// <summary>Unpacked bytes that need no relation to the archive's: a megabyte of zeroes packs to nothing, and hurts nobody.</summary>
    public const long RatioFreeBytes = 1L << 30;

    /// <summary>Unpacked bytes for each byte of the archive above <see cref="RatioFreeBytes"/>: real sources stay under 50; deflate's own bound is 1,032, xz has none.</summary>
    public const int RatioMax = 300;

    /// <summary>Files, folders and links of one archive: the largest packages known have some 400,000.</summary>
    public const int EntriesMax = 4_000_000;

    /// <summary>Folders within folders: git's own trees nest as deep only to attack; a path of 4,096 bytes holds 2,048.</summary>
    public const int DepthMax = 512;

    /// <summary>Bytes of one name between slashes: file systems take no more, so no archive that anybody unpacked has more.</summary>
    public const int NameBytesMax = 255;

    /// <summary>Bytes of a whole path or link text: PATH_MAX, which whoever made the archive could not pass either.</summary>
    public const int PathBytesMax = 4096;

    /// <summary>Links on the way to one file that a builder reads: as many as Linux follows.</summary>
    public const int LinksFollowedMax = 40;

    /// <summary>Parts of one sparse file: a disk image has some thousands.</summary>
    public const int SparsePartsMax = 1_000_000;

    /// <summary>Bytes of one extended tar header (pax records, a long name): names and times; kilobytes at most.</summary>
    public const int TarExtensionBytesMax = 1 << 20;

    /// <summary>Bytes of a file that a builder reads (PKG-INFO, package.json, a changelog): descriptions inside reach a few megabytes.</summary>
    public const int MetadataBytesMax = 16 << 20;

    /// <summary>Bytes of a registry's answer: the largest package descriptions have some 100 MB.</summary>
    public const long AnswerBytesMax = 512L << 20;

    /// <summary>Versions of one package: the busiest bots have published some 100,000.</summary>
    public const int VersionsMax = 1_000_000;

    /// <summary>Raw contents that wait to be written as one pack: bounds memory, and gives deltas something to choose from.</summary>
    public const long BatchBytesMax = 64L << 20;

    /// <summary>Objects in such a batch: their bookkeeping is memory too.</summary>
    public const int BatchObjectsMax = 200_000;

    /// <summary>Contents looked up in the store together: enough to share a round trip to a shared database.</summary>
    public const int LookUpObjectsMax = 512;

    /// <summary>Bytes of contents that wait for that look-up.</summary>
    public const long LookUpBytesMax = 8L << 20;

    /// <summary>Deltas on deltas: to read one object, so many are read at most. git packs with 50 for more releases than one batch holds.</summary>
    public const int DeltaDepthMax = 20;

    /// <summary>Bytes of an object that is worth a delta: below, its own bytes are as short.</summary>
    public const int DeltaContentBytesMin = 64;

    /// <summary>Bytes of an object that is compared with another: larger ones are data, which resemble nothing, and would hold up the rest.</summary>
    public const int DeltaContentBytesMax = 16 << 20;

    /// <summary>Places of a load that are remembered for deltas: 100 MB; the largest packages have half as many files.</summary>
    public const int DeltaPathsMax = 1_000_000;

    /// <summary>Attempts of one download on connection errors, 429 and 5xx.</summary>
    public const int AttemptsMax = 5;

    /// <summary>A longer wait that a registry asks for ends the download instead: the next visit is the better time.</summary>
    public static readonly TimeSpan WaitMax = TimeSpan.FromMinutes(2);

    /// <summary>Memory of a decoder program: xz -9 needs 65 MB, larger dictionaries are made on purpose.</summary>
    public const int DecoderMebibytesMax = 1024;

    /// <summary>Bytes of a decoder program's error text that are kept: the first line says why.</summary>
    public const int DecoderErrorBytesMax = 4096;

    /// <summary>Origins with arguments of their own (archives, Debian packages) remembered in one run.</summary>
    public const int OriginsMax = 10_000_000;

    /// <summary>Characters of one line of a file of origins: a Debian package's files in all suites are some 100 kB.</summary>
    public const int OriginLineCharsMax = 16 << 20;

    /// <summary>Bytes of one patch or of all files that it changes: Debian's largest are some 100 MB.</summary>
    public const long PatchBytesMax = 512L << 20;

    /// <summary>Lines compared while a patch's hunks look for their places: seconds of work; real patches need thousands.</summary>
    public const long PatchComparisonsMax = 1L << 30;

    /// <summary>Patches of one Debian package: the kernel's has some 800.</summary>
    public const int PatchesMax = 20_000;
}
