using Actors.Store.Heads;
using Actors.Store.Heads.Sqlite;
using Actors.TestKit;
using Xunit;
using static Actors.Store.Tests.Heads.HeadExamples;

namespace Actors.Store.Tests.Heads.Sqlite;

public sealed class DamageTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private string DatabasePath => _folder["heads.db"];

    [Fact]
    public void A_file_of_something_else_is_refused_by_name()
    {
        _ = _folder.Write("heads.db", new string('x', 10_000));
        Assert.Equal($"The file is not a head database (head database '{DatabasePath}')", Assert.Throws<HeadStoreException>(() => SqliteHeadStore.Open(DatabasePath)).Message);
    }

    [Fact]
    public void A_missing_folder_or_file_is_refused_by_name()
    {
        string path = _folder["nowhere", "heads.db"];
        Assert.Equal($"The head database cannot be opened (head database '{path}')", Assert.Throws<HeadStoreException>(() => SqliteHeadStore.Open(path)).Message);
        Assert.Throws<HeadStoreException>(() => SqliteHeadStore.OpenForReading(DatabasePath));
        Assert.False(File.Exists(DatabasePath));
    }

    [Fact]
    public async Task Damaged_pages_raise_nothing_but_a_named_error()
    {
        await using (SqliteHeadStore store = SqliteHeadStore.Open(DatabasePath))
        {
            await store.RecordAsync([.. Enumerable.Range(0, 2000).Select(i => Visit(i, Outcome.New, i, Snapshot(i, 3)))], default);
        }

        byte[] sound = await File.ReadAllBytesAsync(DatabasePath);
        Random random = new(5);
        int failures = 0;
        for (int round = 0; round < 20; round++)
        {
            byte[] damaged = [.. sound];
            for (int page = 0; page < 30; page++)
            {
                // Not the header: a file whose very name is damaged is the test above.
                random.NextBytes(damaged.AsSpan(4096 * random.Next(1, damaged.Length / 4096), 200));
            }

            await File.WriteAllBytesAsync(DatabasePath, damaged);
            File.Delete(DatabasePath + "-wal");
            failures += await UseAsync() ? 0 : 1;
        }

        Assert.Equal(20, failures);
    }

    [Fact]
    public async Task A_writer_that_meets_another_process_says_so()
    {
        await using SqliteHeadStore store = SqliteHeadStore.Open(DatabasePath);
        using HeadConnection other = HeadConnection.OpenWriter(DatabasePath);
        using HeadConnection third = HeadConnection.OpenWriter(DatabasePath);
        third.Execute("PRAGMA busy_timeout=1");
        other.Execute("BEGIN IMMEDIATE");
        Assert.Equal($"Another process is writing to the head database (head database '{DatabasePath}')", Assert.Throws<HeadStoreException>(() => third.Execute("BEGIN IMMEDIATE")).Message);
        // Readers do not wait.
        Assert.Null((await store.FindAsync([Url(1)], default))[0]);
        ValueTask write = store.RecordAsync([Visit(1, Outcome.Gone)], default);
        other.Execute("COMMIT");
        await write;
        Assert.NotNull((await store.FindAsync([Url(1)], default))[0]);
    }

    [Fact]
    public async Task A_reader_of_another_process_sees_each_batch_whole_and_cannot_write()
    {
        await using SqliteHeadStore writer = SqliteHeadStore.Open(DatabasePath);
        await using SqliteHeadStore reader = SqliteHeadStore.OpenForReading(DatabasePath);
        await writer.RecordAsync([Visit(1, Outcome.Gone), Visit(2, Outcome.Gone)], default);
        Assert.Equal(2, (await ListAsync(reader.ListAsync(default))).Count);
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await reader.RecordAsync([Visit(1, Outcome.Gone)], default));
    }

    [Fact]
    public async Task A_closed_store_says_so()
    {
        SqliteHeadStore store = SqliteHeadStore.Open(DatabasePath);
        await store.DisposeAsync();
        await store.DisposeAsync();
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await store.FindAsync([Url(1)], default));
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await store.RecordAsync([Visit(1, Outcome.Gone)], default));
    }

    /// <summary>Reads everything and writes something; false when the store said that it is damaged, or gave what was never written.</summary>
    private async Task<bool> UseAsync()
    {
        try
        {
            await using SqliteHeadStore store = SqliteHeadStore.Open(DatabasePath);
            List<RepositoryState> all = await ListAsync(store.ListAsync(default));
            bool sound = all.Count == 2000;
            foreach (RepositoryState state in all)
            {
                List<Visit> visits = await ListAsync(store.ListVisitsAsync(state.Url, default));
                Snapshot? heads = state.Snapshot is { } id ? await store.ReadSnapshotAsync(id, default) : null;
                sound &= visits.Count == 1 && heads is not null;
            }

            await store.RecordAsync([.. Enumerable.Range(0, 2000).Select(i => Visit(i, Outcome.Unchanged))], default);
            return sound;
        }
        catch (HeadStoreException e)
        {
            Assert.Contains(DatabasePath, e.Message, StringComparison.Ordinal);
            return false;
        }
    }
}
