using System.Diagnostics;
using System.Globalization;
using System.IO.Pipes;
using Actors.Store.Heads;
using Actors.TestKit;
using Xunit;
using static Actors.Store.Tests.Heads.HeadExamples;

namespace Actors.Store.Tests.Heads.Sqlite;

public sealed class CrashTests : IDisposable
{
    private const int Urls = 50;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Power_loss_within_a_batch_keeps_those_before_and_all_or_nothing_of_it(int seed)
    {
        Random random = new(seed);
        string live = _folder["live.db"];
        await using SqliteHeadStore store = SqliteHeadStore.Open(live);
        for (int batch = 1; batch <= 8; batch++)
        {
            long before = LogBytes(live);
            await store.RecordAsync(Batch(batch, random.Next(1, Urls)), default);
            long after = LogBytes(live);
            Assert.True(after > before, "A completed batch is in the log.");

            // What was in the log before the batch is on disk for certain; of the batch's own bytes any part, or rubbish.
            await AssertCrashAsync(live, after, batch);
            await AssertCrashAsync(live, before, batch - 1);
            await AssertCrashAsync(live, random.NextInt64(before, after), batch - 1);
            await AssertCrashAsync(live, after, batch - 1, rubbishAt: random.NextInt64(before, after));
        }
    }

    [Fact]
    public async Task A_killed_process_loses_no_completed_batch_and_doubles_no_visit()
    {
        for (int round = 0; round < 3; round++)
        {
            string path = _folder[$"killed{round}.db"];
            long acknowledged = await WriteAndKillAsync(path, batches: 5 + (40 * round));
            await using SqliteHeadStore store = SqliteHeadStore.Open(path);
            List<RepositoryState> states = await ListAsync(store.ListAsync(default));
            Assert.Equal(Urls, states.Count);
            long kept = states[0].Visit;
            Assert.InRange(kept, acknowledged, acknowledged + 1);
            Assert.All(states, s => Assert.Equal(kept, s.Visit));
            await AssertVisitsAsync(store, (int)kept);
        }
    }

    /// <summary>In a process of its own: writes batches until it is killed, and tells of each that is complete.</summary>
    internal static void WriteUntilKilled(string path, string pipe)
    {
        using NamedPipeClientStream tell = new(".", pipe, PipeDirection.Out);
        tell.Connect();
        SqliteHeadStore store = SqliteHeadStore.Open(path);
        for (int batch = 1; ; batch++)
        {
            store.RecordAsync(Batch(batch, Urls), default).AsTask().GetAwaiter().GetResult();
            tell.WriteByte(1);
        }
    }

    private async Task<long> WriteAndKillAsync(string path, int batches)
    {
        string pipe = _folder["pipe" + batches.ToString(CultureInfo.InvariantCulture)];
        await using NamedPipeServerStream told = new(pipe, PipeDirection.In);
        ProcessStartInfo start = new("dotnet", [typeof(CrashTests).Assembly.Location]) { RedirectStandardError = true };
        start.Environment[CrashedWriter.PathVariable] = path;
        start.Environment[CrashedWriter.PipeVariable] = pipe;
        using Process child = Process.Start(start)!;
        try
        {
            using CancellationTokenSource patience = new(TimeSpan.FromSeconds(60));
            await told.WaitForConnectionAsync(patience.Token);
            byte[] bytes = new byte[batches];
            await told.ReadExactlyAsync(bytes, patience.Token);
            child.Kill();
            long acknowledged = batches;
            while (told.ReadByte() >= 0)
            {
                acknowledged++;
            }

            await child.WaitForExitAsync(patience.Token);
            return acknowledged;
        }
        finally
        {
            child.Kill();
        }
    }

    private async Task AssertCrashAsync(string live, long logBytes, int batches, long? rubbishAt = null)
    {
        string copy = _folder["copy.db"];
        File.Delete(copy + "-shm");
        File.Copy(live, copy, overwrite: true);
        byte[] log = ReadShared(live + "-wal")[..(int)logBytes];
        if (rubbishAt is { } at)
        {
            new Random(1).NextBytes(log.AsSpan((int)at));
        }

        await File.WriteAllBytesAsync(copy + "-wal", log);
        await using SqliteHeadStore store = SqliteHeadStore.Open(copy);
        await AssertVisitsAsync(store, batches);
        // And goes on.
        await store.RecordAsync(Batch(batches + 1, Urls), default);
        await AssertVisitsAsync(store, batches + 1);
    }

    /// <summary>Every repository's visits are of different batches, in order, and the last batch is there.</summary>
    private static async Task AssertVisitsAsync(SqliteHeadStore store, int batches)
    {
        int newest = 0;
        await foreach (RepositoryState state in store.ListAsync(default))
        {
            List<Visit> visits = await ListAsync(store.ListVisitsAsync(state.Url, default));
            Assert.Equal(state.Visit, visits.Count);
            Assert.Equal(Enumerable.Range(1, visits.Count).Reverse().Select(n => (long)n), visits.Select(v => v.Number));
            List<int> minutes = [.. visits.Select(v => (int)(v.StartedAt - Start).TotalMinutes)];
            Assert.Equal(minutes.Distinct().OrderDescending(), minutes);
            newest = Math.Max(newest, minutes[0]);
            Assert.Equal(visits[0].Snapshot, state.Snapshot);
            Assert.NotNull(await store.ReadSnapshotAsync(state.Snapshot!.Value, default));
        }

        Assert.Equal(batches, newest);
    }

    private static Visit[] Batch(int batch, int urls) =>
        [.. Enumerable.Range(0, urls).Select(url => Visit(url, Outcome.Updated, batch, Snapshot((batch * Urls) + url)))];

    private static long LogBytes(string path) => new FileInfo(path + "-wal") is { Exists: true } log ? log.Length : 0;

    private static byte[] ReadShared(string path)
    {
        using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        byte[] bytes = new byte[file.Length];
        file.ReadExactly(bytes);
        return bytes;
    }
}
