using Actors.Git.Objects;
using Actors.Git.Packs;
using Actors.Store.Blobs;
using Actors.Store.Catalogue;
using Actors.Store.Index;
using Actors.Store.Index.Ranges;
using Actors.TestKit;
using Actors.TestKit.Clocks;
using Xunit;

namespace Actors.Store.Tests.Index.Ranges;

/// <summary>Packs of a shared store, and any number of processes that share its index; a model of what they must find.</summary>
internal sealed class SharedIndexWorld(int ranges, int seed = 1) : IAsyncDisposable
{
    /// <summary>So small that level zero is spilled and merged with hundreds of oids.</summary>
    public static readonly SharedIndexOptions Small = new()
    {
        Range = IndexDirectory.Small with { MemoryOidsMax = 64 },
        LevelZeroOidsMax = 100,
        LevelZeroPacksMax = 6,
    };

    private readonly List<Oid> _everMade = [];
    private readonly List<SharedIndexInstance> _instances = [];
    private MemoryIndexCatalogue? _catalogue;

    public TemporaryFolder Folder { get; } = new();

    public ManualTimeProvider Clock { get; } = new();

    public Random Random { get; } = new(seed);

    public IndexSettings Settings { get; } = new(new OidRanges(ranges), new byte[IndexSettings.SecretBytes]);

    public MemoryBlobStore Blobs { get; } = new(TimeProvider.System);

    public MemoryIndexCatalogue Catalogue => _catalogue ??= new MemoryIndexCatalogue(Clock);

    /// <summary>Oids of every pack that was ever visible, by sequence; the first is sequence 1.</summary>
    public List<Oid[]> Packs { get; } = [];

    /// <summary>Begins a process; it knows nothing until it is refreshed.</summary>
    public SharedIndexInstance Start(SharedIndexOptions? options = null, IBlobStore? blobs = null)
    {
        var instance = new SharedIndexInstance(this, options ?? Small, blobs ?? Blobs);
        _instances.Add(instance);
        return instance;
    }

    /// <summary>A new visible pack of some new and some known objects.</summary>
    public Task<CataloguePack> AddPackAsync(int countMax)
    {
        var oids = new HashSet<Oid>();
        for (int left = Random.Next(countMax + 1); left > 0; left--)
        {
            oids.Add(_everMade.Count > 0 && Random.Next(4) == 0 ? _everMade[Random.Next(_everMade.Count)] : IndexDirectory.RandomOid(Random));
        }

        return AddPackAsync([.. oids.Order()], []);
    }

    /// <summary>A new visible pack.</summary>
    public async Task<CataloguePack> AddPackAsync(Oid[] sorted, IReadOnlyList<long> replaces)
    {
        string path = Folder["new.idx"];
        Oid name = IndexDirectory.RandomOid(Random);
        PackIndexWriter.Write(path, [.. sorted.Select((oid, i) => new PackIndexEntry(oid, 0, 12 + i))], name, fsync: false);
        UploadIntent upload = await Catalogue.BeginUploadAsync(id => [BlobNames.PackIndex(name, id)], default);
        long bytes = new FileInfo(path).Length;
        await using (FileStream content = File.OpenRead(path))
        {
            await Blobs.PutAsync(upload.Keys[0], content, BlobPutOptions.Absent, default);
        }

        File.Delete(path);
        _everMade.AddRange(sorted);
        CataloguePack pack = Catalogue.Add(upload, name, bytes, sorted.Length, replaces);
        Packs.Add(sorted);
        return pack;
    }

    /// <summary>Some packs become one, and what nobody may need any more is removed.</summary>
    public async Task CompactAsync()
    {
        CataloguePack[] replaced = [.. Catalogue.Visible.Where(_ => Random.Next(3) == 0)];
        await AddPackAsync([.. replaced.SelectMany(pack => Packs[(int)pack.Sequence - 1]).Distinct().Order()], [.. replaced.Select(pack => pack.Sequence)]);
        await Blobs.DeleteAsync([.. replaced.Select(pack => pack.IndexKey), .. Catalogue.Unlisted], default);
    }

    /// <summary>What a process finds is true; what was visible when it looked last is found.</summary>
    public async Task AssertAgreesAsync(SharedIndexInstance instance)
    {
        long applied = instance.Index.Applied;
        HashSet<Oid> visible = [.. Packs.Take((int)applied).SelectMany(oids => oids)];
        HashSet<Oid> all = [.. _everMade];
        Oid[] asked = [.. all, .. Enumerable.Range(0, 100).Select(_ => IndexDirectory.RandomOid(Random))];
        Random.Shuffle(asked);
        bool[] present = new bool[asked.Length];
        long[] packs = new long[asked.Length];
        await instance.Index.ContainsAsync(asked, present, default);
        await instance.Index.LocateAsync(asked, packs, default);
        for (int i = 0; i < asked.Length; i++)
        {
            // Another process may know more.
            Assert.True(present[i] ? all.Contains(asked[i]) : !visible.Contains(asked[i]), $"{asked[i]} {present[i]} at {applied}");
            Assert.True(packs[i] > 0 ? Packs[(int)packs[i] - 1].AsSpan().BinarySearch(asked[i]) >= 0 : packs[i] == -1 && !visible.Contains(asked[i]));
        }
    }

    /// <summary>The catalogue's runs of each range cover packs without a gap, and their blobs are there.</summary>
    public async Task AssertTilesAsync()
    {
        foreach (IGrouping<int, CatalogueRun> range in (await Catalogue.ListRunsAsync(default)).GroupBy(run => run.Range))
        {
            long last = 0;
            foreach (CatalogueRun run in range)
            {
                Assert.Equal(last + 1, run.FirstSequence);
                Assert.InRange(run.LastSequence, run.FirstSequence, Packs.Count);
                Assert.True(run.Entries == 0 || await Blobs.FindAsync(run.Key, default) is { } blob && blob.Length == run.Bytes);
                last = run.LastSequence;
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (SharedIndexInstance instance in _instances)
        {
            await instance.DisposeAsync();
        }

        Folder.Dispose();
    }
}
