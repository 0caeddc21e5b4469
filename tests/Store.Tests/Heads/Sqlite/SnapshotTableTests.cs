using System.Globalization;
using Actors.Git.Refs;
using Actors.Store.Heads;
using Actors.Store.Heads.Sqlite;
using Actors.TestKit;
using Xunit;
using static Actors.Store.Tests.Heads.HeadExamples;

namespace Actors.Store.Tests.Heads.Sqlite;

public sealed class SnapshotTableTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly HeadConnection _connection;
    private readonly SnapshotTable _table;

    public SnapshotTableTests()
    {
        _connection = HeadConnection.OpenWriter(_folder["heads.db"]);
        Schema.Upgrade(_connection, Schema.Scripts);
        _table = new SnapshotTable(_connection);
    }

    public void Dispose()
    {
        _connection.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void Snapshots_that_differ_little_are_deltas_in_chains_of_bounded_depth()
    {
        List<Snapshot> snapshots = [];
        long? before = null;
        for (int visit = 0; visit < 40; visit++)
        {
            snapshots.Add(WithMain(visit, branches: 2000));
            before = _table.Add(snapshots[^1], before);
        }

        Assert.Equal(16, Number("SELECT max(depth) FROM snapshot"));
        Assert.Equal(3, Number("SELECT count(*) FROM snapshot WHERE base IS NULL"));
        // One step: count, branches kept before it, kind of step, flags, oid.
        Assert.Equal(37, Number("SELECT count(*) FROM snapshot WHERE base IS NOT NULL AND size = 24"));
        foreach (Snapshot expected in snapshots)
        {
            Snapshot read = _table.Read(_table.Find(expected.Id)!.Value);
            Assert.Equal(expected.Branches, read.Branches);
        }
    }

    [Fact]
    public void A_snapshot_with_little_in_common_is_stored_whole()
    {
        long first = _table.Add(Snapshot(0, branches: 100), before: null);
        _ = _table.Add(WithNames("other", branches: 100), first);
        Assert.Equal(2, Number("SELECT count(*) FROM snapshot WHERE base IS NULL"));
    }

    [Fact]
    public void Small_snapshots_are_stored_whole_and_as_they_are()
    {
        long first = _table.Add(Snapshot(0, branches: 3), before: null);
        _ = _table.Add(Snapshot(1, branches: 3), first);
        Assert.Equal(2, Number("SELECT count(*) FROM snapshot WHERE base IS NULL AND compressed = 0"));
    }

    [Fact]
    public void Names_compress_and_read_back()
    {
        Snapshot names = WithNames("refs", branches: 500);
        long number = _table.Add(names, before: null);
        Assert.Equal(1, Number("SELECT compressed FROM snapshot"));
        Assert.Equal(names.Branches, _table.Read(number).Branches);
    }

    [Fact]
    public void The_same_content_is_stored_once()
    {
        Snapshot snapshot = Snapshot(5, branches: 50);
        Assert.Equal(_table.Add(snapshot, before: null), _table.Add(snapshot, before: null));
        Assert.Equal(1, Number("SELECT count(*) FROM snapshot"));
    }

    [Theory]
    [InlineData("UPDATE snapshot SET body = x'00' WHERE number = 1", "does not have its id")]
    [InlineData("UPDATE snapshot SET body = x'01' WHERE number = 1", "announces more")]
    [InlineData("UPDATE snapshot SET id = x'00' WHERE number = 1", "does not have its id")]
    [InlineData("UPDATE snapshot SET compressed = 1 WHERE number = 1", "damaged")]
    [InlineData("UPDATE snapshot SET compressed = 1, size = 1e12 WHERE number = 1", "over the limit")]
    [InlineData("UPDATE snapshot SET base = 1, depth = 1 WHERE number = 1", "too deep")]
    [InlineData("UPDATE snapshot SET base = 7, depth = 1 WHERE number = 1", "missing")]
    public void A_damaged_row_says_so_and_names_the_file(string damage, string expected)
    {
        long number = _table.Add(Snapshot(5, branches: 2), before: null);
        _connection.Execute(damage);
        string message = Assert.Throws<HeadStoreException>(() => _table.Read(number)).Message;
        Assert.Contains(expected, message, StringComparison.Ordinal);
        Assert.Contains(_folder["heads.db"], message, StringComparison.Ordinal);
    }

    private long Number(string sql) => _connection.Number(sql);

    /// <summary>Many branches of which only main differs between two visits.</summary>
    private static Snapshot WithMain(int visit, int branches) => Store.Heads.Snapshot.Create(Enumerable.Range(0, branches)
        .Select(i => new SnapshotBranch(RefName.Parse($"refs/heads/b{i}"), SnapshotTarget.Revision, Oid(i == 1000 ? 100_000 + visit : i + 1))));

    private static Snapshot WithNames(string prefix, int branches) => Store.Heads.Snapshot.Create(Enumerable.Range(0, branches)
        .Select(i => new SnapshotBranch(RefName.Parse($"{prefix}/{i.ToString("d20", CultureInfo.InvariantCulture)}/dangling"), SnapshotTarget.Dangling, Git.Objects.Oid.Zero)));
}
