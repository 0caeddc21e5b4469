using Actors.Git.Objects;
using Actors.Store.Blobs;
using Actors.Store.Catalogue;
using Actors.Store.Checks;
using Actors.Store.Objects;
using Actors.TestKit.Blobs;
using Actors.TestKit.Servers;
using Npgsql;
using Xunit;

namespace Actors.Store.Tests.Objects;

/// <summary>Blobs and the database fail in the middle of things: nothing that failed is told as done, and nothing that is done is lost or told twice.</summary>
public sealed class SharedObjectStoreFaultTests(SharedPostgres postgres)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(true, true)]
    public async Task Commit_whose_answer_is_lost_is_told_as_it_ended(bool reached, bool isUnderLock)
    {
        using SharedStores stores = await SharedStores.MakeAsync(postgres, Assert.Skip);
        PostgresServer server = await postgres.StartAsync(Assert.Skip);
        // So many others commit in between that it takes the lock.
        TestHistory[] others = [.. Enumerable.Range(0, isUnderLock ? 8 : 0).Select(number => new TestHistory($"other {number}"))];
        int breaks = 0, left = others.Length;
        bool isArmed = false;
        await using SharedObjectStore other = await stores.OpenAsync();
        await using var proxy = new UnheardProxy(server.Port, piece =>
            isArmed && piece.AsSpan().IndexOf(isUnderLock ? "COMMIT"u8 : "commit_pack"u8) >= 0 && Interlocked.Increment(ref breaks) == 1 ? reached ? UnheardWhen.After : UnheardWhen.Before : UnheardWhen.Never);
        var history = new TestHistory();
        await using SharedObjectStore store = await SharedObjectStore.OpenAsync(
            stores.Connection.Replace($"Port={server.Port}", $"Port={proxy.Port}", StringComparison.Ordinal),
            stores.OpenBlobs(),
            stores.CacheFolder,
            SharedStores.Options with
            {
                OidsInCatalogueMax = isUnderLock ? 0 : SharedStores.Options.OidsInCatalogueMax,
                Step = step =>
                {
                    isArmed |= step == (isUnderLock ? "commit-locked" : "committing");
                    if (step is "blob-uploaded" or "looked-again" && left > 0)
                    {
                        Task.Run(() => IngestAsync(other, others[--left]), Stop).GetAwaiter().GetResult();
                    }
                },
            },
            TimeProvider.System,
            Stop);

        CommitResult result = await IngestAsync(store, history);
        Assert.Equal((CommitStatus.Committed, history.Objects.Count), (result.Status, (int)result.NewObjects));
        Assert.True(breaks > 0);
        await AssertHoldsOnceAsync(stores, [history, .. others]);
    }

    [Theory]
    [InlineData("upload-begun")]
    [InlineData("blob-uploaded")]
    [InlineData("committing")]
    [InlineData("committed")]
    public async Task Connections_killed_at_any_step_neither_lose_nor_double_an_ingest(string at)
    {
        using SharedStores stores = await SharedStores.MakeAsync(postgres, Assert.Skip);
        bool isKilled = false;
        var history = new TestHistory();
        await using SharedObjectStore store = await stores.OpenAsync(SharedStores.Options with
        {
            Step = step =>
            {
                if (step == at && !isKilled)
                {
                    isKilled = true;
                    Task.Run(() => KillConnectionsAsync(stores), Stop).GetAwaiter().GetResult();
                }
            },
        });
        Assert.Equal(history.Objects.Count, (await IngestAsync(store, history)).NewObjects);
        Assert.True(isKilled);
        await AssertHoldsOnceAsync(stores, history);
    }

    [Fact]
    public async Task Refused_upload_fails_every_ingest_of_its_group_and_leaves_nothing()
    {
        using SharedStores stores = await SharedStores.MakeAsync(postgres, Assert.Skip);
        var faulty = new FaultyBlobStore(stores.OpenBlobs(), 1, new BlobFaults { Refused = 1 });
        await using SharedObjectStore store = await stores.OpenAsync(blobs: faulty);
        TestHistory[] histories = [.. Enumerable.Range(0, 3).Select(i => new TestHistory($"line {i}"))];
        Task<CommitResult>[] commits = [.. histories.Select(history => Task.Run(() => IngestAsync(store, history), Stop))];
        foreach (Task<CommitResult> commit in commits)
        {
            BlobStoreException refused = await Assert.ThrowsAsync<BlobStoreException>(() => commit);
            Assert.False(refused.IsTransient);
        }

        Assert.Equal(0, (await store.ReadFiguresAsync(Stop)).Packs);
        Assert.Empty(await stores.WithCatalogueAsync(catalogue => catalogue.ListUploadsAsync(DateTimeOffset.MaxValue, Stop)));
        faulty.Faults = BlobFaults.None;
        Assert.All(await Task.WhenAll(histories.Select(history => IngestAsync(store, history))), result => Assert.Equal(CommitStatus.Committed, result.Status));
    }

    [Fact]
    public async Task Refused_put_on_a_real_service_fails_the_ingest()
    {
        S3Server s3 = await S3Server.SharedAsync(Assert.Skip);
        string bucket = await s3.MakeBucketAsync();
        using SharedStores stores = await SharedStores.MakeAsync(postgres, Assert.Skip, () => s3.Open(bucket));
        await s3.RefusePutsAsync(bucket, BlobNames.Packs);
        await using SharedObjectStore store = await stores.OpenAsync();
        BlobStoreException refused = await Assert.ThrowsAsync<BlobStoreException>(() => IngestAsync(store, new TestHistory()));
        Assert.DoesNotContain(s3.SecretKey, refused.ToString(), StringComparison.Ordinal);
        Assert.Equal(0, (await store.ReadFiguresAsync(Stop)).Packs);
    }

    [Fact]
    public async Task Failing_reads_are_errors_and_never_wrong_objects()
    {
        using SharedStores stores = await SharedStores.MakeAsync(postgres, Assert.Skip);
        TestHistory[] histories = [.. Enumerable.Range(0, 6).Select(i => new TestHistory($"line {i}"))];
        await using (SharedObjectStore store = await stores.OpenAsync())
        {
            foreach (TestHistory history in histories)
            {
                await IngestAsync(store, history);
            }
        }

        var faulty = new FaultyBlobStore(stores.OpenBlobs(), 7, BlobFaults.None);
        await using SharedObjectStore reader = await stores.OpenAsync(blobs: faulty);
        faulty.Faults = new BlobFaults { Lost = 0.5, Late = 0.3 };
        int failures = 0;
        foreach ((Oid oid, GitObject one) in histories.SelectMany(history => history.Objects))
        {
            for (GitObject? found = null; found is null;)
            {
                try
                {
                    found = await reader.ReadAsync(oid, 1 << 20, Stop);
                    Assert.Equal(one.Content.ToArray(), found!.Content.ToArray());
                }
                catch (BlobStoreException)
                {
                    failures++;
                }
            }
        }

        Assert.NotEqual(0, failures);
    }

    [Fact]
    public async Task Visible_pack_whose_blob_was_removed_by_hand_is_an_error_that_names_it()
    {
        using SharedStores stores = await SharedStores.MakeAsync(postgres, Assert.Skip);
        var history = new TestHistory();
        await using (SharedObjectStore store = await stores.OpenAsync())
        {
            await IngestAsync(store, history);
        }

        await using SharedObjectStore reader = await stores.OpenAsync();
        await using (IBlobStore blobs = stores.OpenBlobs())
        {
            await blobs.DeleteAsync([.. await blobs.ListAsync(BlobNames.Packs, Stop).Select(blob => blob.Key).ToListAsync(Stop)], Stop);
        }

        IOException gone = await Assert.ThrowsAsync<IOException>(async () => await reader.ReadAsync(history.Commit, 1000, Stop));
        Assert.Contains("pack-", gone.Message, StringComparison.Ordinal);
        StoreProblem problem = Assert.Single(await new StoreCheck(reader, null, new StoreCheckOptions { Threads = 1 }).RunAsync(Stop).ToListAsync(Stop));
        Assert.Equal(StoreProblemKind.Pack, problem.Kind);
    }

    [Fact]
    public async Task Password_is_in_no_message_and_no_location()
    {
        IBlobStore blobs = new MemoryBlobStore(TimeProvider.System);
        PostgresServer.Require(Assert.Skip);
        PostgresServer server = await postgres.StartAsync(Assert.Skip);
        string connection = new NpgsqlConnectionStringBuilder(server.ConnectionString) { Database = "nowhere", Password = "hush" }.ConnectionString;
        IOException failure = await Assert.ThrowsAnyAsync<IOException>(
            () => SharedObjectStore.OpenAsync(connection, blobs, Path.GetTempPath(), SharedStores.Options, TimeProvider.System, Stop));
        Assert.DoesNotContain("hush", failure.ToString(), StringComparison.Ordinal);
    }

    private static async Task KillConnectionsAsync(SharedStores stores)
    {
        await using NpgsqlConnection connection = new(stores.Connection + ";Pooling=false");
        await connection.OpenAsync(Stop);
        await using NpgsqlCommand command = new(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()", connection);
        await command.ExecuteNonQueryAsync(Stop);
    }

    private static async Task<CommitResult> IngestAsync(SharedObjectStore store, TestHistory history)
    {
        await using IPackIngest ingest = await store.BeginIngestAsync(new IngestOptions { Threads = 1 }, Stop);
        await ingest.AddAsync(history.Pack().ToStream(), Stop);
        return await ingest.CommitAsync("test", null, Stop);
    }

    /// <summary>In one visible pack, found by a process that has seen nothing before, with no upload left.</summary>
    private static async Task AssertHoldsOnceAsync(SharedStores stores, params TestHistory[] histories)
    {
        await using SharedObjectStore store = await stores.OpenAsync();
        StoreFigures figures = await store.ReadFiguresAsync(Stop);
        Assert.Equal((histories.Length, histories.Sum(history => history.Objects.Count)), (figures.Packs, (int)figures.Objects));
        foreach ((Oid oid, GitObject one) in histories.SelectMany(history => history.Objects))
        {
            Assert.Equal(one.Content.ToArray(), (await store.ReadAsync(oid, 1 << 20, Stop))!.Content.ToArray());
        }

        Assert.Empty(await stores.WithCatalogueAsync(catalogue => catalogue.ListUploadsAsync(DateTimeOffset.MaxValue, Stop)));
        await using IBlobStore blobs = stores.OpenBlobs();
        Assert.Equal(2 * histories.Length, await blobs.ListAsync("", Stop).CountAsync(Stop));
    }
}
