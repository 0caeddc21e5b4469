using Actors.Git.Objects;
using Actors.Git.Remotes;
using Actors.Store.Heads;
using Actors.Store.Objects;
using Actors.Sync.Outcomes;
using Actors.Sync.Repositories;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Actors.Sync.Tests.Repositories;

/// <summary>Failures on our own side.</summary>
public sealed class FailingStoreTests
{
    [Fact]
    public async Task A_full_disk_is_our_fault_and_what_came_is_counted()
    {
        SyncReport report = await VisitAsync(store => store.FailAdd = new IOException("No space left on device"));

        Assert.Equal((Outcome.Failed, Fault.Ours), (report.Outcome, report.Fault));
        Assert.Contains("No space left on device", report.Error, StringComparison.Ordinal);
        Assert.InRange(report.BytesReceived, 1000, long.MaxValue);
        Assert.Equal(2, report.Requests);
    }

    [Fact]
    public async Task An_object_with_the_id_of_a_stored_one_and_other_content_is_an_outcome_of_its_own()
    {
        var colliding = Oid.Parse("1234567812345678123456781234567812345678");
        SyncReport report = await VisitAsync(
            store => store.Commit = new CommitResult { Status = CommitStatus.Collision, Colliding = colliding });

        Assert.Equal((Outcome.Corrupt, Fault.Repository), (report.Outcome, report.Fault));
        Assert.StartsWith($"collision: object {colliding}", report.Error, StringComparison.Ordinal);
        Assert.Null(report.Snapshot);
    }

    private static async Task<SyncReport> VisitAsync(Action<FaultyObjectStore> fault)
    {
        await using SyncBed bed = await SyncBed.StartAsync();
        bed.Make("source").AddHistory(30);
        await using var client = new GitClient(new GitClientOptions());
        await using var objects = new FaultyObjectStore(bed.Objects);
        fault(objects);
        var sync = new RepositorySync(client, objects, bed.Heads, TimeProvider.System, NullLogger<RepositorySync>.Instance);
        return (await sync.RunAsync(bed.Url("source"), null, new SyncOptions(), TestContext.Current.CancellationToken)).Report;
    }
}
