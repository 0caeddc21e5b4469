namespace Actors.Store;

/// <summary>What the store takes at most. Each figure has its reason.</summary>
public static class Limits
{
    /// <summary>git follows so many symrefs and no more (refs.h, <c>SYMREF_MAXDEPTH</c>); also keeps hostile chains of aliases from costing their square.</summary>
    internal const int AliasDepthMax = 5;

    /// <summary>Enough for a person to see what went wrong; a remote's whole page is no use in a log of billions of visits.</summary>
    public const int VisitErrorCharsMax = 1000;

    /// <summary>Records of one run of the object index: its fan-out counts in 32 bits. Larger runs are not made.</summary>
    internal const long IndexRunOidsMax = uint.MaxValue;

    /// <summary>Bytes of the object index's manifest: about 10 million packs, which compaction never lets come together.</summary>
    internal const long IndexManifestBytesMax = 256 << 20;

    /// <summary>How often a reader begins anew when the writer replaces runs while it opens them. Each time means a whole merge went by.</summary>
    internal const int IndexOpenAttemptsMax = 20;
}
