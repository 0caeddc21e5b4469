using Actors.Git.Objects;
using Actors.Store.Index;
using Xunit;

namespace Actors.Store.Tests.Index;

/// <summary>What a store would have on disk (packs with their oids), beside the index that must agree with it.</summary>
internal sealed class IndexModel(Random random)
{
    private readonly List<Oid> _everMade = [];

    public Dictionary<Oid, Oid[]> Packs { get; } = [];

    /// <summary>A new pack; some of its objects are in other packs too. Now and then its oids crowd together.</summary>
    public Oid NewPack(int countMax)
    {
        int count = random.Next(countMax + 1);
        bool isCrowded = random.Next(10) == 0;
        var oids = new HashSet<Oid>();
        for (int i = 0; i < count; i++)
        {
            bool isKnown = _everMade.Count > 0 && random.Next(4) == 0;
            oids.Add(isKnown ? _everMade[random.Next(_everMade.Count)] : isCrowded ? CrowdedOid() : IndexDirectory.RandomOid(random));
        }

        _everMade.AddRange(oids);
        Oid pack = IndexDirectory.RandomOid(random);
        Packs.Add(pack, [.. oids.Order()]);
        return pack;
    }

    /// <summary>Some packs become one.</summary>
    public (Oid[] Replaced, Oid Merged) Compact()
    {
        Oid[] replaced = [.. Packs.Keys.Where(_ => random.Next(3) == 0)];
        Oid merged = IndexDirectory.RandomOid(random);
        Oid[] oids = [.. replaced.SelectMany(pack => Packs[pack]).Distinct().Order()];
        foreach (Oid pack in replaced)
        {
            Packs.Remove(pack);
        }

        Packs.Add(merged, oids);
        return (replaced, merged);
    }

    /// <summary>What a store does when it opens: an index that covers packs that are gone starts anew; missing packs are added.</summary>
    public void Complete(ObjectIndex index)
    {
        if (index.Packs.Any(pack => !Packs.ContainsKey(pack)))
        {
            index.Clear();
            Assert.Empty(index.Packs);
        }

        foreach ((Oid pack, Oid[] oids) in Packs)
        {
            index.AddPack(pack, oids);
        }
    }

    /// <summary>Every object is found in a pack that has it, and nothing else is found.</summary>
    public void AssertAgrees(ObjectIndex index)
    {
        Assert.Equal(Packs.Keys.Order(), index.Packs.Order());
        HashSet<Oid> stored = [.. Packs.Values.SelectMany(oids => oids)];
        Oid[] asked = [.. stored, .. _everMade.TakeLast(200), .. Enumerable.Range(0, 100).Select(_ => IndexDirectory.RandomOid(random)), .. Near(stored)];
        random.Shuffle(asked);
        bool[] present = new bool[asked.Length];
        int[] numbers = new int[asked.Length];
        index.Contains(asked, present);
        index.Locate(asked, numbers);
        for (int i = 0; i < asked.Length; i++)
        {
            Assert.Equal(stored.Contains(asked[i]), present[i]);
            Assert.Equal(present[i], numbers[i] >= 0);
            if (present[i])
            {
                Assert.True(Packs[index.PackOf(numbers[i])].AsSpan().BinarySearch(asked[i]) >= 0);
            }
        }
    }

    private Oid CrowdedOid()
    {
        Span<byte> bytes = stackalloc byte[Oid.Length];
        bytes.Fill(random.Next(2) == 0 ? (byte)0xff : (byte)0);
        random.NextBytes(bytes[random.Next(6, Oid.Length)..]);
        return Oid.FromBytes(bytes);
    }

    /// <summary>Oids that differ from stored ones in one bit.</summary>
    private IEnumerable<Oid> Near(IEnumerable<Oid> stored)
    {
        foreach (Oid oid in stored.Take(100))
        {
            byte[] bytes = new byte[Oid.Length];
            oid.CopyTo(bytes);
            bytes[random.Next(Oid.Length)] ^= (byte)(1 << random.Next(8));
            yield return Oid.FromBytes(bytes);
        }
    }
}
