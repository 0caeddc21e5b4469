using Actors.Git.Objects;
using Actors.Store.Index;
using Xunit;

namespace Actors.Store.Tests.Index;

/// <summary>Readers beside the writer, in the same index and in their own.</summary>
public sealed class ObjectIndexSharingTests : IDisposable
{
    private readonly IndexDirectory _directory = new();
    private readonly Random _random = new(3);

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void A_reader_sees_after_refresh_what_the_writer_has_flushed()
    {
        using ObjectIndex writer = _directory.Open();
        using ObjectIndex reader = _directory.Open(readOnly: true);
        (Oid pack, Oid[] oids) = Add(writer, 20);
        reader.Refresh();
        Assert.False(reader.TryLocate(oids[0], out _));

        writer.Flush();
        Assert.False(reader.TryLocate(oids[0], out _));
        reader.Refresh();
        Assert.True(reader.TryLocate(oids[0], out Oid found));
        Assert.Equal(pack, found);
        Assert.Equal([pack], reader.Packs);
    }

    [Fact]
    public void What_a_reader_added_itself_gives_way_to_the_writers_runs()
    {
        using ObjectIndex writer = _directory.Open();
        using ObjectIndex reader = _directory.Open(readOnly: true);
        (Oid first, Oid[] firstOids) = Add(writer, 20);
        (Oid second, Oid[] secondOids) = Add(reader, 20);
        reader.AddPack(first, firstOids);
        writer.Flush();
        Oid merged = IndexDirectory.RandomOid(_random);
        writer.ReplacePacks([first], merged);

        reader.Refresh();
        Assert.Equal(new[] { merged, first, second }.Order(), reader.Packs.Order());
        Assert.True(reader.TryLocate(firstOids[3], out Oid found));
        Assert.Equal(merged, found);
        Assert.True(reader.TryLocate(secondOids[3], out found));
        Assert.Equal(second, found);
    }

    [Fact]
    public void A_read_only_index_writes_no_file()
    {
        string missing = Path.Combine(_directory.Path, "none");
        using ObjectIndex reader = ObjectIndex.Open(missing, readOnly: true, IndexDirectory.Small);
        for (int pack = 0; pack < 30; pack++)
        {
            (_, Oid[] oids) = Add(reader, 200);
            Assert.True(reader.TryLocate(oids[0], out _));
        }

        Assert.Throws<InvalidOperationException>(reader.Flush);
        Assert.False(Directory.Exists(missing));
    }

    [Fact]
    public void Compaction_of_a_pack_that_is_not_covered_is_refused()
    {
        using ObjectIndex index = _directory.Open();
        (Oid pack, _) = Add(index, 5);
        Oid stranger = IndexDirectory.RandomOid(_random);
        Assert.Throws<ArgumentException>(() => index.ReplacePacks([pack, stranger], IndexDirectory.RandomOid(_random)));
        Assert.Equal([pack], index.Packs);
    }

    [Fact]
    public void Oids_out_of_order_are_refused_and_leave_nothing()
    {
        using ObjectIndex index = _directory.Open();
        Oid[] oids = IndexDirectory.RandomOids(_random, 500);
        (oids[3], oids[4]) = (oids[4], oids[3]);
        Assert.Throws<ArgumentException>(() => index.AddPack(IndexDirectory.RandomOid(_random), oids));
        Assert.Empty(index.Packs);
        Assert.Empty(Directory.EnumerateFiles(_directory.Path));
    }

    [Fact]
    public void A_cancelled_merge_changes_nothing()
    {
        using ObjectIndex index = _directory.Open(options: IndexDirectory.Small with { MemoryOidsMax = 1 << 20 });
        for (int pack = 0; pack < 2; pack++)
        {
            Add(index, 140_000);
        }

        index.Flush();
        int runs = index.Runs;
        Assert.Throws<OperationCanceledException>(() => index.MergeStep(new CancellationToken(canceled: true)));
        Assert.Equal(runs, index.Runs);
        Assert.Equal(runs + 1, Directory.EnumerateFiles(_directory.Path).Count());
    }

    [Fact]
    public void A_disposed_index_refuses_look_ups()
    {
        ObjectIndex index = _directory.Open();
        (_, Oid[] oids) = Add(index, 5);
        index.Dispose();
        Assert.Throws<ObjectDisposedException>(() => index.TryLocate(oids[0], out _));
        index.Dispose();
    }

    [Fact]
    public async Task Readers_find_everything_while_the_writer_adds_flushes_merges_and_compacts()
    {
        using ObjectIndex writer = _directory.Open();
        using ObjectIndex other = _directory.Open(readOnly: true);
        var published = new List<(Oid Pack, Oid[] Oids)>();
        using var done = new CancellationTokenSource();
        Task[] readers = [Task.Run(() => Read(writer, refresh: false)), Task.Run(() => Read(other, refresh: true)), Task.Run(MergeOften)];
        var packs = new List<Oid>();
        for (int round = 0; round < 150; round++)
        {
            (Oid pack, Oid[] oids) = Add(writer, _random.Next(1, 400));
            packs.Add(pack);
            if (round % 10 == 9)
            {
                Oid merged = IndexDirectory.RandomOid(_random);
                writer.ReplacePacks(packs, merged);
                packs = [merged];
            }

            if (round % 3 == 0)
            {
                writer.Flush();
                lock (published)
                {
                    published.Add((pack, oids));
                }
            }
        }

        await done.CancelAsync();
        await Task.WhenAll(readers);

        void Read(ObjectIndex index, bool refresh)
        {
            while (!done.IsCancellationRequested)
            {
                (Oid Pack, Oid[] Oids)[] known;
                lock (published)
                {
                    known = [.. published];
                }

                if (refresh)
                {
                    index.Refresh();
                }

                foreach ((_, Oid[] oids) in known)
                {
                    bool[] present = new bool[oids.Length];
                    index.Contains(oids, present);
                    Assert.DoesNotContain(false, present);
                }
            }
        }

        void MergeOften()
        {
            while (!done.IsCancellationRequested)
            {
                writer.MergeStep(CancellationToken.None);
            }
        }
    }

    private (Oid Pack, Oid[] Oids) Add(ObjectIndex index, int count)
    {
        Oid pack = IndexDirectory.RandomOid(_random);
        Oid[] oids = IndexDirectory.RandomOids(_random, count);
        index.AddPack(pack, oids);
        return (pack, oids);
    }
}
