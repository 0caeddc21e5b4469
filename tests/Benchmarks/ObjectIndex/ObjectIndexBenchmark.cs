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
            with a flush to disk after each batch.
            """,
            ["what", "batch", "ours /s", "PostgreSQL /s", "ratio"]);
        using var own = new OwnIndex(_stored);
        await using PostgresTable? rival = ownOnly ? null : await PostgresTable.StartAsync(_stored);
        table.Add("load", Number(_stored.Length), Number(own.LoadRate), Number(rival?.LoadRate), Ratio(own.LoadRate, rival?.LoadRate));
        table.Add("bytes an oid", "", own.BytesPerOid.ToString("F1", CultureInfo.InvariantCulture), Number(rival?.BytesPerOid), "");
        foreach (int length in BatchLengths)
        {
            await LookUpsAsync(table, length, own, rival);
        }

        OwnThreads(table, own);
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
        own.CountPresent(batches[0]);
        int rounds = 0;
        long hits = 0;
        long start = Stopwatch.GetTimestamp();
        for (; rounds < 5; rounds++)
        {
            hits = batches.Sum(own.CountPresent);
        }

        double ours = (double)rounds * batches.Length * length / Stopwatch.GetElapsedTime(start).TotalSeconds;
        double? theirs = null;
        if (rival is not null)
        {
            await rival.CountPresentAsync(batches[0]);
            Oid[][] some = batches[..Math.Min(batches.Length, 10)];
            start = Stopwatch.GetTimestamp();
            long theirHits = 0;
            foreach (Oid[] batch in some)
            {
                theirHits += await rival.CountPresentAsync(batch);
            }

            theirs = some.Length * (double)length / Stopwatch.GetElapsedTime(start).TotalSeconds;
            Require(theirHits == some.Sum(own.CountPresent));
        }

        Require(hits == batches.Length * (long)length / 2);
        table.Add("look up", Number(length), Number(ours), Number(theirs), Ratio(ours, theirs));
    }

    private void OwnThreads(ResultTable table, OwnIndex own)
    {
        const int Length = 100_000;
        Oid[][] batches = [.. Enumerable.Range(0, 20).Select(_ => HalfStored(Length))];
        int threads = Environment.ProcessorCount;
        long start = Stopwatch.GetTimestamp();
        Parallel.For(0, threads * batches.Length, new ParallelOptions { MaxDegreeOfParallelism = threads }, i => own.CountPresent(batches[i % batches.Length]));
        double rate = (double)threads * batches.Length * Length / Stopwatch.GetElapsedTime(start).TotalSeconds;
        table.Add($"look up, {threads} threads", Number(Length), Number(rate), "", "");
    }

    private async Task InsertsAsync(ResultTable table, int length, OwnIndex own, PostgresTable? rival)
    {
        int count = length switch { <= 10_000 => 100, <= 100_000 => 20, _ => 4 };
        double ours = await own.InsertAsync(NewBatches(), durable: false);
        double durable = await own.InsertAsync(NewBatches(), durable: true);
        double? theirs = rival is null ? null : await rival.InsertAsync(NewBatches()[..Math.Min(count, 20)]);
        table.Add("insert", Number(length), Number(ours), Number(theirs), Ratio(ours, theirs));
        table.Add("insert, durable", Number(length), Number(durable), Number(theirs), Ratio(durable, theirs));

        Oid[][] NewBatches() => [.. Enumerable.Range(0, count).Select(_ => RandomOids(length))];
    }

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
}
