using System.Diagnostics;
using System.Globalization;
using Actors.Benchmarks.Measuring;
using Actors.Git.Objects;

namespace Actors.Benchmarks.ObjectIndex;

/// <summary>
/// Look-ups and inserts of the object index beside PostgreSQL's best methods: the same oids, the same batches, in one run.
/// </summary>
internal sealed class ObjectIndexBenchmark
{
    private static readonly int[] BatchLengths = [10_000, 100_000, 1_000_000];

    private readonly Oid[] _stored;
    private readonly Random _random = new(20);

    private ObjectIndexBenchmark(int count) => _stored = RandomOids(count);

    /// <summary>Arguments: millions of oids (20), and <c>--own-only</c>.</summary>
    public static async Task<int> RunAsync(string[] args)
    {
        int millions = args.Length > 0 && int.TryParse(args[0], CultureInfo.InvariantCulture, out int given) ? given : 20;
        var benchmark = new ObjectIndexBenchmark(millions * 1_000_000);
        await benchmark.MeasureAsync(args.Contains("--own-only"));
        return 0;
    }

    private async Task MeasureAsync(bool ownOnly)
    {
        var table = new ResultTable(
            "Object index",
            $"""
            {_stored.Length / 1_000_000} million random oids stored. Look-ups: random order, half of them hits, one thread here, one connection there.
            Inserts: new oids in random order; each side sorts. PostgreSQL looks up by COPY of the sorted batch into a temporary table and a forced
            nested loop over the primary key, and inserts by COPY, `ORDER BY` and `ON CONFLICT DO NOTHING`, with `synchronous_commit=off`; the client's
            work is counted on both sides. Ours inserts as the store does (memory table, flush and merge by rule) and, in the lines marked durable,
            with a flush to disk after each batch. CPU time is of client and server together; on a shared machine it says more than the clock.
            """,
            ["what", "batch", "ours /s", "PostgreSQL /s", "ratio", "ours /CPU s", "PostgreSQL /CPU s", "ratio of CPU"]);
        using var own = new OwnIndex(_stored);
        await using PostgresTable? rival = ownOnly ? null : await PostgresTable.StartAsync(_stored);
        table.Add("load", Number(_stored.Length), Number(own.LoadRate), Number(rival?.LoadRate), "", "", "", "");
        table.Add("bytes an oid", "", own.BytesPerOid.ToString("F1", CultureInfo.InvariantCulture), Number(rival?.BytesPerOid), "", "", "", "");
        foreach (int length in BatchLengths)
        {
            await LookUpsAsync(table, length, own, rival);
        }

        await ThreadsAsync(table, own);
        await own.InsertAsync([.. Enumerable.Range(0, 50).Select(_ => RandomOids(10_000))], durable: true);
        foreach (int length in BatchLengths)
        {
            await InsertsAsync(table, length, own, rival);
        }

        if (rival is not null)
        {
            await table.WriteAsync("object-index.md");
        }
    }

    private async Task LookUpsAsync(ResultTable table, int length, OwnIndex own, PostgresTable? rival)
    {
        Oid[][] batches = [.. Enumerable.Range(0, Math.Max(3, 1_000_000 / length)).Select(_ => HalfStored(length))];
        Oid[][] some = batches[..Math.Min(batches.Length, 10)];
        Require(batches.All(batch => own.CountPresent(batch) == length / 2));
        Rate ours = await MeasureAsync(5L * batches.Length * length, null, () =>
        {
            for (int round = 0; round < 5; round++)
            {
                Array.ForEach(batches, batch => own.CountPresent(batch));
            }

            return Task.CompletedTask;
        });
        Rate? theirs = rival is null ? null : await MeasureAsync((long)some.Length * length, rival, async () =>
        {
            foreach (Oid[] batch in some)
            {
                Require(await rival.CountPresentAsync(batch) == length / 2);
            }
        });
        Add(table, "look up", length, ours, theirs);
    }

    private async Task ThreadsAsync(ResultTable table, OwnIndex own)
    {
        const int Length = 100_000;
        Oid[][] batches = [.. Enumerable.Range(0, 20).Select(_ => HalfStored(Length))];
        int threads = Environment.ProcessorCount;
        Rate ours = await MeasureAsync((long)threads * batches.Length * Length, null, () =>
        {
            Parallel.For(0, threads * batches.Length, new ParallelOptions { MaxDegreeOfParallelism = threads }, i => own.CountPresent(batches[i % batches.Length]));
            return Task.CompletedTask;
        });
        Add(table, $"look up, {threads} threads", Length, ours, null);
    }

    private async Task InsertsAsync(ResultTable table, int length, OwnIndex own, PostgresTable? rival)
    {
        int count = length switch { <= 10_000 => 100, <= 100_000 => 20, _ => 4 };
        Oid[][] batches = NewBatches();
        Rate ours = await MeasureAsync((long)count * length, null, () => own.InsertAsync(batches, durable: false));
        batches = NewBatches();
        Rate durable = await MeasureAsync((long)count * length, null, () => own.InsertAsync(batches, durable: true));
        batches = NewBatches()[..Math.Max(count / 5, 2)];
        Rate? theirs = rival is null ? null : await MeasureAsync((long)batches.Length * length, rival, () => rival.InsertAsync(batches));
        Add(table, "insert", length, ours, theirs);
        Add(table, "insert, durable", length, durable, theirs);

        Oid[][] NewBatches() => [.. Enumerable.Range(0, count).Select(_ => RandomOids(length))];
    }

    private static async Task<Rate> MeasureAsync(long oids, PostgresTable? rival, Func<Task> work)
    {
        GC.Collect();
        double cpu = Environment.CpuUsage.TotalTime.TotalSeconds + (rival?.ServerCpuSeconds ?? 0);
        long start = Stopwatch.GetTimestamp();
        await work();
        double wall = Stopwatch.GetElapsedTime(start).TotalSeconds;
        cpu = Environment.CpuUsage.TotalTime.TotalSeconds + (rival?.ServerCpuSeconds ?? 0) - cpu;
        return new Rate(oids / wall, oids / cpu);
    }

    private static void Add(ResultTable table, string what, int length, Rate ours, Rate? theirs) => table.Add(
        what, Number(length), Number(ours.PerSecond), Number(theirs?.PerSecond), Ratio(ours.PerSecond, theirs?.PerSecond),
        Number(ours.PerCpuSecond), Number(theirs?.PerCpuSecond), Ratio(ours.PerCpuSecond, theirs?.PerCpuSecond));

    /// <summary>Half of the batch from what is stored, half not, in random order.</summary>
    private Oid[] HalfStored(int length)
    {
        Oid[] batch = RandomOids(length);
        for (int i = 0; i < length; i += 2)
        {
            batch[i] = _stored[_random.Next(_stored.Length)];
        }

        _random.Shuffle(batch);
        return batch;
    }

    private Oid[] RandomOids(int count)
    {
        var oids = new Oid[count];
        Random random = _random ?? new Random(19);
        random.NextBytes(System.Runtime.InteropServices.MemoryMarshal.AsBytes(oids.AsSpan()));
        return oids;
    }

    private static void Require(bool isTrue)
    {
        if (!isTrue)
        {
            throw new InvalidOperationException("The two sides, or one side and the truth, disagree.");
        }
    }

    private static string Number(double? value) => value?.ToString("N0", CultureInfo.InvariantCulture) ?? "";

    private static string Ratio(double ours, double? theirs) => theirs is { } other ? (ours / other).ToString("F1", CultureInfo.InvariantCulture) : "";

    /// <summary>Oids by the clock and by CPU time.</summary>
    private readonly record struct Rate(double PerSecond, double PerCpuSecond);
}
