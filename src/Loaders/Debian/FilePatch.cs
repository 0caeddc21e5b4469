namespace Actors.Loaders.Debian;

/// <summary>What a diff says of one file.</summary>
/// <param name="Old">The old name without its first folder; null for <c>/dev/null</c>.</param>
/// <param name="New">The new name likewise.</param>
/// <param name="Executable">The mode that git's extended header gives; null where it says nothing.</param>
/// <param name="Removes">The header says that nothing is left.</param>
/// <param name="Hunks">In order; none where git's extended header says all.</param>
internal sealed record FilePatch(string? Old, string? New, bool? Executable, bool Removes, IReadOnlyList<Hunk> Hunks)
{
    /// <summary>The new file begins as a copy of the old one.</summary>
    public bool Copies { get; init; }

    /// <summary>As a copy, and the old one goes.</summary>
    public bool Moves { get; init; }

    /// <summary>What comes out is the text of a symbolic link.</summary>
    public bool IsLink { get; init; }
}
