namespace Actors.Loaders.Objects;

/// <summary>What an entry of an unpacked tree is, with the modes of gitformat-index that package loaders make.</summary>
internal enum EntryKind
{
    /// <summary>100644.</summary>
    File,

    /// <summary>100755.</summary>
    Executable,

    /// <summary>120000.</summary>
    Link,

    /// <summary>40000.</summary>
    Folder,
}
