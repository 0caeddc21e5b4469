using System.Runtime.CompilerServices;
using Actors.Git.Objects;

namespace Actors.Git.Packs.Indexing;

/// <summary>Lists what trees refer to. Of a tree made by a delta only those entries are read that do not come whole from the base.</summary>
internal static unsafe class TreeReferences
{
    /// <summary>Lists all entries, and marks where they start if the buffer has room for that.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void AddAll(ReferenceLog log, in ObjectBuffer tree)
    {
        long at = 0;
        while (at < tree.Size)
        {
            at = AddEntry(log, tree, at);
        }

        MarkEnd(tree);
    }

    /// <summary>Marks where entries start; lists nothing.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void MarkStarts(in ObjectBuffer tree)
    {
        long at = 0;
        while (at < tree.Size)
        {
            TreeStarts.Set(tree.Starts, at);
            at += ReadEntry(tree, at, out _);
        }

        MarkEnd(tree);
    }

    /// <summary>Lists the entries of a tree that a delta made, but for those that lie whole in a part copied from the base.</summary>
    /// <param name="log">Where to.</param>
    /// <param name="tree">The result.</param>
    /// <param name="source">The base, whose references are listed and whose starts are marked.</param>
    /// <param name="copies">The delta's copies, in order of the result.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void AddChanged(ReferenceLog log, in ObjectBuffer tree, in ObjectBuffer source, ReadOnlySpan<DeltaCopy> copies)
    {
        long at = 0;
        foreach (DeltaCopy copy in copies)
        {
            while (at < copy.To)
            {
                at = AddEntry(log, tree, at);
            }

            while (at < copy.To + copy.Size)
            {
                long from = copy.From + (at - copy.To);
                if (!TreeStarts.IsSet(source.Starts, from))
                {
                    at = AddEntry(log, tree, at);
                    continue;
                }

                // Equal bytes from an entry's start on are equal entries, up to the last that ends within the copy.
                long same = TreeStarts.Last(source.Starts, copy.From + copy.Size) - from;
                if (same == 0)
                {
                    at = AddEntry(log, tree, at);
                    continue;
                }

                if (tree.Starts != null)
                {
                    TreeStarts.Copy(tree.Starts, at, source.Starts, from, same);
                }

                at += same;
            }
        }

        while (at < tree.Size)
        {
            at = AddEntry(log, tree, at);
        }

        MarkEnd(tree);
    }

    private static void MarkEnd(in ObjectBuffer tree)
    {
        if (tree.Starts != null)
        {
            TreeStarts.Set(tree.Starts, tree.Size);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int ReadEntry(in ObjectBuffer tree, long at, out ObjectReference reference) =>
        TreeEntry.Read(new ReadOnlySpan<byte>(tree.Content + at, (int)Math.Min(tree.Size - at, int.MaxValue)), at, out reference);

    private static long AddEntry(ReferenceLog log, in ObjectBuffer tree, long at)
    {
        if (tree.Starts != null)
        {
            TreeStarts.Set(tree.Starts, at);
        }

        int length = ReadEntry(tree, at, out ObjectReference reference);
        if (reference.Type != ObjectType.None)
        {
            log.Add(reference.Oid, reference.Type);
        }

        return at + length;
    }
}
