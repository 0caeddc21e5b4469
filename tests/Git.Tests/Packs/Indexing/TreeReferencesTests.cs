using System.Text;
using Actors.Git.Objects;
using Actors.Git.Packs;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace Actors.Git.Tests.Packs.Indexing;

/// <summary>Trees made by deltas are read only where they differ: what is listed must be what reading them whole would list.</summary>
public sealed class TreeReferencesTests
{
    [Fact]
    public void Deltas_of_trees_cut_anywhere_list_what_whole_trees_would() => Prop.ForAll(
        ArbMap.Default.ArbFor<int>(),
        seed =>
        {
            var random = new Random(seed);
            byte[] first = Tree(random, Enumerable.Range(0, 12));
            var maker = new PackMaker().AddWhole(ObjectType.Tree, first);
            List<byte[]> trees = [first];
            for (int i = 0; i < 6; i++)
            {
                int parent = random.Next(trees.Count);
                byte[] next = Changed(random, trees[parent]);
                maker.AddOfsDelta(parent, DeltaOf(random, trees[parent], next));
                trees.Add(next);
            }

            if (trees.Select(t => Convert.ToHexString(t)).Distinct().Count() < trees.Count)
            {
                return;
            }

            SortedSet<string> expected = new(StringComparer.Ordinal);
            foreach (byte[] tree in trees)
            {
                foreach (ObjectReference reference in ObjectReferences.List(ObjectType.Tree, tree))
                {
                    expected.Add($"{reference.Oid} {reference.Type}");
                }
            }

            using var indexing = new IndexedFolder();
            PackIndexResult result = Task.Run(() => indexing.RunAsync(maker.Build())).Result;
            Assert.Equal(expected, result.References.Select(r => $"{r.Oid} {r.Type}"));
        }).QuickCheckThrowOnFailure();

    private static byte[] Entry(Random random, int number)
    {
        byte[] oid = new byte[20];
        random.NextBytes(oid);
        string mode = ((string[])["100644", "40000", "0100755", "160000", "120000"])[number % 5];
        if (number % 5 == 1)
        {
            oid[0] = 0xdd;
        }

        return [.. Encoding.ASCII.GetBytes($"{mode} name{number}\0"), .. oid];
    }

    private static byte[] Tree(Random random, IEnumerable<int> numbers) => [.. numbers.SelectMany(n => Entry(random, n))];

    /// <summary>One entry's oid changed, one entry removed, or one added.</summary>
    private static byte[] Changed(Random random, byte[] tree)
    {
        List<byte[]> entries = [];
        for (int at = 0; at < tree.Length;)
        {
            int end = Array.IndexOf(tree, (byte)0, at) + 21;
            entries.Add(tree[at..end]);
            at = end;
        }

        int which = random.Next(entries.Count);
        switch (random.Next(3))
        {
            case 0:
                random.NextBytes(entries[which].AsSpan(entries[which].Length - 20));
                break;
            case 1 when entries.Count > 1:
                entries.RemoveAt(which);
                break;
            default:
                entries.Insert(which, Entry(random, random.Next(100)));
                break;
        }

        return [.. entries.SelectMany(e => e)];
    }

    /// <summary>A delta that need not be a good one: copies of any part that fits, cut at any place.</summary>
    private static byte[] DeltaOf(Random random, byte[] source, byte[] result)
    {
        List<object> instructions = [];
        for (int at = 0; at < result.Length;)
        {
            int size = random.Next(1, Math.Min(90, result.Length - at) + 1);
            int found = source.AsSpan().IndexOf(result.AsSpan(at, size));
            instructions.Add(found >= 0 ? (found, size) : result[at..(at + size)]);
            at += size;
        }

        return PackMaker.Delta(source.Length, result.Length, [.. instructions]);
    }
}
