namespace Actors.Loaders.Packages;

/// <summary>How artifacts become a tree.</summary>
internal enum Unpacking
{
    /// <summary>One archive; the tree is the folder that it is unpacked in.</summary>
    Archive,

    /// <summary>A Debian source package: the tree is the package, as <c>dpkg-source</c> extracts it.</summary>
    DebianSource,
}
