namespace Actors.Git.Packs.Compression;

/// <summary>zlib.h's numbers that we use.</summary>
internal static class ZlibCodes
{
    public const int Ok = 0;
    public const int StreamEnd = 1;
    public const int BufferError = -5;
    public const int NoFlush = 0;
    public const int Finish = 4;
    public const int Deflated = 8;

    /// <summary>32 KB window with zlib header and Adler-32.</summary>
    public const int WindowBits = 15;

    /// <summary>zlib's default memory level.</summary>
    public const int MemoryLevel = 8;

    /// <summary>zlib's default level, as git uses for packs unless told otherwise.</summary>
    public const int DefaultLevel = 6;

    /// <summary>Turns a call's answer into a status: a full buffer is no error.</summary>
    public static InflateStatus Status(int code) => code switch
    {
        Ok or BufferError => InflateStatus.More,
        StreamEnd => InflateStatus.End,
        _ => InflateStatus.Damaged,
    };
}
