using Actors.Git.Objects;
using Actors.Store.Index;
using Xunit;

namespace Actors.Store.Tests.Index;

/// <summary>Random operations, closings, crashes and damage, against a model.</summary>
public sealed class ObjectIndexModelTests
{
    private const int Steps = 40;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    public void Random_operations_with_reopen_agree_with_the_model(int seed)
    {
        var random = new Random(seed);
        var model = new IndexModel(random);
        using var directory = new IndexDirectory();
        ObjectIndex index = directory.Open();
        for (int step = 0; step < Steps; step++)
        {
            if (random.Next(8) == 0)
            {
                index.Dispose();
                index = directory.Open();
                model.Complete(index);
            }
            else
            {
                Act(random, model, index);
            }

            model.AssertAgrees(index);
        }

        index.MergeAll(TestContext.Current.CancellationToken);
        Assert.True(index.Runs <= 1);
        Assert.Equal(model.Packs.Values.SelectMany(oids => oids).Distinct().Count(), index.Count);
        model.AssertAgrees(index);
        index.Dispose();
    }

    [Theory]
    [InlineData(11)]
    [InlineData(12)]
    [InlineData(13)]
    [InlineData(14)]
    public void After_a_crash_at_any_point_of_a_step_the_index_is_sound(int seed)
    {
        var random = new Random(seed);
        var model = new IndexModel(random);
        using var directory = new IndexDirectory();
        using ObjectIndex index = directory.Open();
        for (int step = 0; step < Steps; step++)
        {
            using IndexDirectory before = directory.Copy();
            Act(random, model, index);
            using IndexDirectory crashed = Crash(random, before, directory);
            using ObjectIndex after = crashed.Open();
            Assert.All(after.Packs.Where(model.Packs.ContainsKey), pack => AssertCovers(after, model.Packs[pack]));
            model.Complete(after);
            model.AssertAgrees(after);
            Assert.DoesNotContain(Directory.EnumerateFiles(crashed.Path), file => file.EndsWith(".tmp", StringComparison.Ordinal));
        }
    }

    [Theory]
    [InlineData(21)]
    [InlineData(22)]
    [InlineData(23)]
    public void A_damaged_file_makes_the_index_cover_nothing_rather_than_something_wrong(int seed)
    {
        var random = new Random(seed);
        var model = new IndexModel(random);
        using var directory = new IndexDirectory();
        using ObjectIndex index = directory.Open();
        for (int step = 0; step < Steps; step++)
        {
            Act(random, model, index);
            if (!File.Exists(Path.Combine(directory.Path, "MANIFEST")))
            {
                continue;
            }

            using IndexDirectory damaged = directory.Copy();
            Damage(random, damaged);
            using ObjectIndex after = damaged.Open();
            Assert.Empty(after.Packs);
            Assert.Equal(0, after.Count);
            model.Complete(after);
            model.AssertAgrees(after);
        }
    }

    [Theory]
    [InlineData(31)]
    [InlineData(32)]
    public void Damage_that_was_not_looked_for_at_opening_is_told_by_verify_and_never_reads_outside(int seed)
    {
        var random = new Random(seed);
        var model = new IndexModel(random);
        using var directory = new IndexDirectory();
        using ObjectIndex index = directory.Open();
        for (int pack = 0; pack < 20; pack++)
        {
            Oid one = model.NewPack(300);
            index.AddPack(one, model.Packs[one]);
        }

        index.Flush();
        Oid[] asked = [.. model.Packs.Values.SelectMany(oids => oids), .. IndexDirectory.RandomOids(random, 1000)];
        for (int round = 0; round < 60; round++)
        {
            using IndexDirectory damaged = directory.Copy();
            string[] runs = Directory.GetFiles(damaged.Path, "run-*");
            string path = runs[random.Next(runs.Length)];
            byte[] bytes = File.ReadAllBytes(path);

            // From somewhere in the first filter block or the last record on.
            int start = random.Next(2) == 0 ? random.Next(IndexRunHeader.Bytes, IndexRunHeader.Bytes + FilterBlock.Bytes) : bytes.Length - random.Next(1, Oid.Length);
            bytes[start] ^= 0x55;
            random.NextBytes(bytes.AsSpan(start + 1, random.Next(bytes.Length - start)));
            File.WriteAllBytes(path, bytes);

            using ObjectIndex after = damaged.Open(options: IndexDirectory.Small with { CheckedBytesMax = 0 });
            after.Locate(asked, new int[asked.Length]);
            if (after.Packs.Count > 0)
            {
                Assert.Throws<InvalidDataException>(after.Verify);
                Assert.Throws<InvalidDataException>(() => after.MergeAll(CancellationToken.None));
            }
        }
    }

    private static void AssertCovers(ObjectIndex index, Oid[] oids)
    {
        bool[] present = new bool[oids.Length];
        index.Contains(oids, present);
        Assert.DoesNotContain(false, present);
    }

    private static void Act(Random random, IndexModel model, ObjectIndex index)
    {
        switch (random.Next(10))
        {
            case < 5:
                Oid pack = model.NewPack(random.Next(3) switch { 0 => 10, 1 => 100, _ => 600 });
                index.AddPack(pack, model.Packs[pack]);
                break;
            case 5:
                index.Flush();
                break;
            case 6:
            case 7:
                index.MergeStep(TestContext.Current.CancellationToken);
                break;
            case 8:
                (Oid[] replaced, Oid merged) = model.Compact();
                index.ReplacePacks(replaced, merged);
                break;
            default:
                index.MergeAll(TestContext.Current.CancellationToken);
                break;
        }
    }

    /// <summary>
    /// The files at some point between two states. A step writes runs, then replaces the manifest, then removes runs; a file
    /// that it was writing is cut off under its temporary name.
    /// </summary>
    private static IndexDirectory Crash(Random random, IndexDirectory before, IndexDirectory after)
    {
        const string Manifest = "MANIFEST";
        IndexDirectory crashed = before.Copy();
        bool isCommitted = random.Next(2) == 0;
        foreach (string path in Directory.EnumerateFiles(after.Path))
        {
            string name = Path.GetFileName(path);
            string target = Path.Combine(crashed.Path, name);
            bool isNew = name == Manifest ? isCommitted : isCommitted || random.Next(2) == 0;
            if (isNew)
            {
                File.Copy(path, target, overwrite: true);
            }
            else if (!File.Exists(target) || name == Manifest)
            {
                byte[] bytes = File.ReadAllBytes(path);
                File.WriteAllBytes(target + ".tmp", bytes[..random.Next(bytes.Length)]);
            }
        }

        return crashed;
    }

    private static void Damage(Random random, IndexDirectory directory)
    {
        // Stray files do not count: those that the manifest names do.
        using (directory.Open())
        {
        }

        string[] files = Directory.GetFiles(directory.Path);
        string path = files[random.Next(files.Length)];
        byte[] bytes = File.ReadAllBytes(path);
        switch (random.Next(3))
        {
            case 0:
                File.Delete(path);
                break;
            case 1:
                File.WriteAllBytes(path, bytes[..random.Next(bytes.Length)]);
                break;
            default:
                // The rest of a run's first page and the gaps between sections mean nothing.
                int at = random.Next(Path.GetFileName(path) == "MANIFEST" ? bytes.Length : 64);
                bytes[at] ^= (byte)(1 << random.Next(8));
                File.WriteAllBytes(path, bytes);
                break;
        }
    }
}
