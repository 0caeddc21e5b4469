namespace Actors.Store;

/// <summary>What the store takes at most. Each figure has its reason.</summary>
public static class Limits
{
    /// <summary>git follows so many symrefs and no more (refs.h, <c>SYMREF_MAXDEPTH</c>); also keeps hostile chains of aliases from costing their square.</summary>
    internal const int AliasDepthMax = 5;

    /// <summary>Enough for a person to see what went wrong; a remote's whole page is no use in a log of billions of visits.</summary>
    public const int VisitErrorCharsMax = 1000;
}
