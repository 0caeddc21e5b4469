namespace Actors.Loaders.Archives;

/// <summary>What a tar member is.</summary>
internal enum TarEntryKind
{
    File,
    HardLink,
    SymbolicLink,

    /// <summary>A device, a fifo: loaded as an empty file.</summary>
    Special,
    Folder,

    /// <summary>GNU: the next member's name (<c>L</c>) or link text (<c>K</c>).</summary>
    LongName,
    LongLink,

    /// <summary>pax records for the next member, or for all that follow.</summary>
    Pax,
    GlobalPax,

    /// <summary>GNU sparse file, old form.</summary>
    Sparse,
}
