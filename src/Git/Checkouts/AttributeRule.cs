namespace Actors.Git.Checkouts;

/// <summary>One line of <c>.gitattributes</c>: which paths, and what of them.</summary>
/// <param name="Pattern">As written, without a slash at its start.</param>
/// <param name="ByName">The pattern has no slash: it is matched against the last step of a path.</param>
/// <param name="Settings">In order; later ones win.</param>
internal sealed record AttributeRule(byte[] Pattern, bool ByName, IReadOnlyList<AttributeSetting> Settings)
{
    /// <summary>Whether the line speaks of a file.</summary>
    /// <param name="path">From the folder of the <c>.gitattributes</c>.</param>
    public bool Matches(ReadOnlySpan<byte> path) => Wildmatch.Matches(Pattern, ByName ? path[(path.LastIndexOf((byte)'/') + 1)..] : path);
}
