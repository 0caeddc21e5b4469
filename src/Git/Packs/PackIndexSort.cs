using Actors.Git.Objects;

namespace Actors.Git.Packs;

/// <summary>Puts index entries in order of oid. Oids are hashes, so one pass over their first bits leaves small buckets.</summary>
internal static class PackIndexSort
{
    /// <summary>Sorts in place and makes sure that each oid is there once.</summary>
    /// <exception cref="GitFormatException">An oid is there twice.</exception>
    public static void Sort(Span<PackIndexEntry> entries)
    {
        entries.Sort(static (left, right) => left.Oid.CompareTo(right.Oid));
        for (int i = 1; i < entries.Length; i++)
        {
            if (entries[i - 1].Oid == entries[i].Oid)
            {
                throw new GitFormatException(
                    GitFormatError.Pack, $"The object {entries[i].Oid} is in the pack twice", Math.Max(entries[i - 1].Offset, entries[i].Offset));
            }
        }
    }
}
