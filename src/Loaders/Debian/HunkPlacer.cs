using Actors.Loaders.Objects;

namespace Actors.Loaders.Debian;

/// <summary>
/// Applies hunks as GNU patch does without fuzz: each at its line, moved by as much as the one before, else at the nearest
/// place where all its lines are; a hunk with less context at an end than at the other is at that end of the file.
/// </summary>
internal sealed class HunkPlacer
{
    private long _comparisons;

    /// <summary>The file after the hunks.</summary>
    /// <exception cref="ArchiveException">A hunk fits nowhere.</exception>
    public byte[] Apply(ReadOnlyMemory<byte> content, FilePatch patch)
    {
        List<ReadOnlyMemory<byte>> lines = TextLines.Split(content);
        List<ReadOnlyMemory<byte>> result = new(lines.Count);
        (int done, int offset) = (0, 0);
        foreach (Hunk hunk in patch.Hunks)
        {
            int guess = (hunk.Old.Count == 0 ? hunk.OldStart : hunk.OldStart - 1) + offset;
            int at = Find(lines, hunk, guess, done);
            if (at < 0)
            {
                throw new ArchiveException($"a patch of '{PathText.Show(patch.New ?? patch.Old!)}' does not fit at line {hunk.OldStart}");
            }

            offset += at - guess;
            result.AddRange(lines.Skip(done).Take(at - done));
            result.AddRange(hunk.New);
            done = at + hunk.Old.Count;
        }

        result.AddRange(lines.Skip(done));
        return TextLines.Join(result);
    }

    private int Find(List<ReadOnlyMemory<byte>> lines, Hunk hunk, int guess, int from)
    {
        int last = lines.Count - hunk.Old.Count;
        if (hunk.Old.Count == 0)
        {
            return guess >= from && guess <= lines.Count ? guess : -1;
        }

        if (hunk.PrefixContext < hunk.SuffixContext && hunk.OldStart <= 1)
        {
            return from == 0 && Fits(lines, hunk, 0) ? 0 : -1;
        }

        if (hunk.SuffixContext < hunk.PrefixContext)
        {
            return last >= from && Fits(lines, hunk, last) ? last : -1;
        }

        for (int distance = 0; guess - distance >= from || guess + distance <= last; distance++)
        {
            if (guess + distance >= from && Fits(lines, hunk, guess + distance))
            {
                return guess + distance;
            }

            if (distance > 0 && guess - distance >= from && Fits(lines, hunk, guess - distance))
            {
                return guess - distance;
            }
        }

        return -1;
    }

    private bool Fits(List<ReadOnlyMemory<byte>> lines, Hunk hunk, int at)
    {
        if (at < 0 || at + hunk.Old.Count > lines.Count)
        {
            return false;
        }

        for (int i = 0; i < hunk.Old.Count; i++)
        {
            if (++_comparisons > Limits.PatchComparisonsMax)
            {
                throw new ArchiveException("a patch takes too long to place");
            }

            if (!lines[at + i].Span.SequenceEqual(hunk.Old[i].Span))
            {
                return false;
            }
        }

        return true;
    }
}
