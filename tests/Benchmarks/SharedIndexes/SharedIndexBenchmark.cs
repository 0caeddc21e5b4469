using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Runtime.InteropServices;
using Actors.Benchmarks.Measuring;
using Actors.Benchmarks.ObjectIndex;
using Actors.Benchmarks.Unchanged;
using Actors.Git.Packs;
using Actors.Store.Blobs;
using Actors.Store.Catalogue;
using Actors.Store.Index;
using Actors.TestKit;
using Actors.TestKit.Servers;
using Oid = Actors.Git.Objects.Oid;

namespace Actors.Benchmarks.SharedIndexes;

/// <summary>The index of many machines, with a real second process, beside a row for each object in PostgreSQL: same oids, same batches, one run.</summary>
internal sealed class SharedIndexBenchmark(int count)
{
    public const string Usage = "shared-index [MILLIONS]: the index of a shared store, here and in a second process, beside PostgreSQL rows";

    private const int PackOids = 500_000;
    private const int BatchLength = 10_000;

    private readonly Random _random = new(21);
    private Oid[] _stored = [];

    private readonly ResultTable _table = new(
        "Shared object index",
        string.Create(
            CultureInfo.InvariantCulture,
            $"""
            {count / 1_000_000} million random oids in packs of half a million; catalogue in PostgreSQL, blobs in a directory, 16 ranges. Batches are half hits, in random
            order; one caller that waits for each. "Split": this process and a second one, connected over loopback TCP, have about half of the ranges
            each. "All asked": this process has none, and asks the second one for every oid. PostgreSQL: one row an object, the batch sorted and sent by COPY into a
            temporary table, one probe of the primary key an oid, the present ones read back. Milliseconds are of one batch; CPU is of all processes of a side.
            """),
        ["what", "batch", "median ms", "99 % ms", "oids /s", "oids /CPU s"]);

    /// <summary>Arguments: millions of oids (10).</summary>
    public static async Task<int> RunAsync(string[] args)
    {
        int millions = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 10;
        await new SharedIndexBenchmark(millions * 1_000_000).MeasureAsync();
        return 0;
    }

    private async Task MeasureAsync()
    {
        _stored = RandomOids(count);
        Oid[][] batches = [.. Enumerable.Range(0, 300).Select(_ => HalfStored(BatchLength))];
        using var folder = new TemporaryFolder();
        await using (PostgresServer server = await PostgresServer.StartAsync())
        {
            await OursAsync(server.ConnectionString, folder, batches);
        }

        await RivalAsync(batches);
        await _table.WriteAsync("shared-index.md");
    }

    private async Task OursAsync(string connection, TemporaryFolder folder, Oid[][] batches)
    {
        await using SharedIndexProcess all = await SharedIndexProcess.OpenAsync(connection, folder.FullPath, holdsAll: true);
        await LoadAsync(all, connection, folder);
        await LookUpsAsync("look up, all here", all, batches, null);
        await LookUpsAsync("look up, all here", all, [.. Enumerable.Range(0, 10).Select(_ => HalfStored(1_000_000))], null);
        await ThreadsAsync(all);

        using Process peer = OwnProcess.Start(["shared-index-peer", connection, folder.FullPath], null, input: true);
        await ReadPeerAsync(peer);
        await using (SharedIndexProcess other = await SharedIndexProcess.OpenAsync(connection, folder.FullPath, holdsAll: false))
        {
            await other.Index.RefreshAsync(default);
            await other.Index.BeatAsync(default);
            await LookUpsAsync("look up, all asked", other, batches, peer);
            await LookUpsAsync("look up, all asked", other, [.. Enumerable.Range(0, 10).Select(_ => HalfStored(100_000))], peer);
            Require(other.Index.Held.Count == 0);

            await other.Index.ListenAsync(new IPEndPoint(IPAddress.Loopback, 0), "127.0.0.1", default);
            await BeatPeerAsync(peer);
            await other.Index.BeatAsync(default);
            Require(other.Index.Held.Count is > 0 and < 16);
            await LookUpsAsync("look up, split", other, batches, peer);
            await CommitsAsync(all, other, folder);
        }

        peer.StandardInput.Close();
        await peer.WaitForExitAsync();
    }

    private async Task LoadAsync(SharedIndexProcess process, string connection, TemporaryFolder folder)
    {
        foreach (Oid[] pack in _stored.Chunk(PackOids))
        {
            await CommitAsync(process, folder, pack);
        }

        await TimedAsync("read the packs' own indexes", () => process.Index.RefreshAsync(default));
        await TimedAsync("merge, upload and list runs", () => process.Index.MergeAllAsync(default));
        await using SharedIndexProcess other = await SharedIndexProcess.OpenAsync(connection, folder.FullPath, holdsAll: true);
        await TimedAsync("open from the runs", () => other.Index.RefreshAsync(default));
        _table.Add("bytes an oid", "", "", "", ((double)process.Index.ReadFigures().Bytes / count).ToString("F1", CultureInfo.InvariantCulture), "");
    }

    private async Task LookUpsAsync(string what, SharedIndexProcess process, Oid[][] batches, Process? peer)
    {
        bool[] present = new bool[batches[0].Length];
        foreach (Oid[] batch in batches)
        {
            // Once before: pages are mapped, code is compiled, connections are made.
            await process.Index.ContainsAsync(batch, present, default);
        }

        double cpu = await CpuAsync(peer);
        var watches = new List<double>();
        foreach (Oid[] batch in batches)
        {
            long start = Stopwatch.GetTimestamp();
            await process.Index.ContainsAsync(batch, present, default);
            watches.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            Require(present.AsSpan().Count(true) == batch.Length / 2);
        }

        Add(what, batches[0].Length, watches, await CpuAsync(peer) - cpu);
    }

    private async Task ThreadsAsync(SharedIndexProcess process)
    {
        const int Length = 100_000;
        const int Rounds = 20;
        Oid[][] batches = [.. Enumerable.Range(0, 10).Select(_ => HalfStored(Length))];
        double cpu = await CpuAsync(null);
        long start = Stopwatch.GetTimestamp();
        await Parallel.ForAsync(0, batches.Length * Rounds, new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount }, async (i, stop) =>
            await process.Index.ContainsAsync(batches[i % batches.Length], new bool[Length], stop));
        double wall = Stopwatch.GetElapsedTime(start).TotalSeconds;
        double all = (double)Length * batches.Length * Rounds;
        _table.Add($"look up, all here, {Environment.ProcessorCount} threads", Number(Length), "", "", Number(all / wall), Number(all / (await CpuAsync(null) - cpu)));
    }

    /// <summary>From a commit by one process until another finds the objects, with the look at the catalogue that it needs.</summary>
    private async Task CommitsAsync(SharedIndexProcess writer, SharedIndexProcess reader, TemporaryFolder folder)
    {
        var watches = new List<double>();
        bool[] present = new bool[1000];
        for (int i = 0; i < 50; i++)
        {
            Oid[] pack = RandomOids(present.Length);
            await CommitAsync(writer, folder, pack);
            long start = Stopwatch.GetTimestamp();
            await reader.Index.RefreshAsync(default);
            await reader.Index.ContainsAsync(pack, present, default);
            watches.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            Require(!present.Contains(false));
        }

        _table.Add("committed elsewhere, refreshed, all found", Number(present.Length), Milliseconds(watches, 0.5), Milliseconds(watches, 0.99), "", "");
    }

    private async Task RivalAsync(Oid[][] batches)
    {
        await using PostgresTable rival = await PostgresTable.StartAsync(_stored);
        _table.Add("PostgreSQL: load", Number(count), "", "", Number(rival.LoadRate), "");
        _table.Add("PostgreSQL: bytes an oid", "", "", "", Number(rival.BytesPerOid), "");
        var watches = new List<double>();
        double cpu = Environment.CpuUsage.TotalTime.TotalSeconds + rival.ServerCpuSeconds;
        foreach (Oid[] batch in batches.Take(100))
        {
            long start = Stopwatch.GetTimestamp();
            Require(await rival.CountPresentAsync(batch) == batch.Length / 2);
            watches.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }

        Add("PostgreSQL: look up", BatchLength, watches, Environment.CpuUsage.TotalTime.TotalSeconds + rival.ServerCpuSeconds - cpu);
    }

    private static async Task CommitAsync(SharedIndexProcess process, TemporaryFolder folder, Oid[] oids)
    {
        OidOrder.Sort(oids, []);
        string path = folder["new.idx"];
        PackIndexWriter.Write(path, [.. oids.Select((oid, i) => new PackIndexEntry(oid, 0, 12 + i))], oids[0], fsync: false);
        UploadIntent upload = await process.Catalogue.BeginUploadAsync(id => [BlobNames.PackIndex(oids[0], id)], default);
        long bytes;
        await using (FileStream content = File.OpenRead(path))
        {
            bytes = content.Length;
            await process.Blobs.PutAsync(upload.Keys[0], content, BlobPutOptions.Absent, default);
        }

        File.Delete(path);
        PackCommit commit = await process.Catalogue.CommitPackAsync(upload, new NewPack(oids[0], 0, bytes, oids.Length, []), _ => Task.FromResult(true), default);
        Require(commit.Status == PackCommitStatus.Committed);
    }

    private async Task TimedAsync(string what, Func<Task> work)
    {
        double cpu = await CpuAsync(null);
        long start = Stopwatch.GetTimestamp();
        await work();
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        _table.Add(what, Number(count), Number(seconds * 1000), "", Number(count / seconds), Number(count / (await CpuAsync(null) - cpu)));
    }

    private void Add(string what, int length, List<double> milliseconds, double cpuSeconds)
    {
        double oids = (double)length * milliseconds.Count;
        _table.Add(
            what, Number(length), Milliseconds(milliseconds, 0.5), Milliseconds(milliseconds, 0.99), Number(oids / milliseconds.Sum() * 1000), Number(oids / cpuSeconds));
    }

    private static async Task<double> CpuAsync(Process? peer) =>
        Environment.CpuUsage.TotalTime.TotalSeconds + (peer is null ? 0 : await BeatPeerAsync(peer));

    private static async Task<double> BeatPeerAsync(Process peer)
    {
        await peer.StandardInput.WriteLineAsync();
        await peer.StandardInput.FlushAsync();
        return await ReadPeerAsync(peer);
    }

    /// <summary>What the other process has cost so far.</summary>
    private static async Task<double> ReadPeerAsync(Process peer) =>
        double.Parse((await peer.StandardOutput.ReadLineAsync())!.Split(' ')[1], CultureInfo.InvariantCulture);

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

    private Oid[] RandomOids(int length)
    {
        var oids = new Oid[length];
        _random.NextBytes(MemoryMarshal.AsBytes(oids.AsSpan()));
        return oids;
    }

    private static void Require(bool isTrue)
    {
        if (!isTrue)
        {
            throw new InvalidOperationException("The two sides, or one side and the truth, disagree.");
        }
    }

    private static string Milliseconds(List<double> all, double share) =>
        all.Order().ElementAt((int)((all.Count - 1) * share)).ToString("F2", CultureInfo.InvariantCulture);

    private static string Number(double value) => value.ToString("N0", CultureInfo.InvariantCulture);
}
