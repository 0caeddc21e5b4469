namespace Actors.Git.Packs.Compression;

/// <summary>Why a call of <see cref="Inflater.Inflate"/> came back.</summary>
internal enum InflateStatus
{
    /// <summary>Input or room for output is used up; the stream goes on.</summary>
    More,

    /// <summary>The stream ended and its Adler-32 fits; the input pointer stands behind it.</summary>
    End,

    /// <summary>Not a zlib stream, or its checksum does not fit.</summary>
    Damaged,
}
