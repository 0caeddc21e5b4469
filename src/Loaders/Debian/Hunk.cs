namespace Actors.Loaders.Debian;

/// <summary>One hunk of a unified diff.</summary>
/// <param name="OldStart">Line of the old file where it begins, from 1; 0 for an empty range at the start.</param>
/// <param name="Old">Lines that must be there, with their line ends.</param>
/// <param name="New">Lines that come in their place.</param>
/// <param name="PrefixContext">Unchanged lines at its start.</param>
/// <param name="SuffixContext">Unchanged lines at its end.</param>
internal sealed record Hunk(int OldStart, IReadOnlyList<ReadOnlyMemory<byte>> Old, IReadOnlyList<ReadOnlyMemory<byte>> New, int PrefixContext, int SuffixContext);
