using Actors.Store.Heads;
using Actors.Store.Heads.Sqlite;
using Actors.TestKit;
using Xunit;
using static Actors.Store.Tests.Heads.HeadExamples;

namespace Actors.Store.Tests.Heads.Sqlite;

public sealed class SchemaTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private string DatabasePath => _folder["heads.db"];

    [Fact]
    public async Task A_database_of_an_earlier_version_is_upgraded_and_keeps_all()
    {
        await using (SqliteHeadStore old = SqliteHeadStore.Open(DatabasePath, Schema.Scripts))
        {
            await old.RecordAsync([Visit(1, Outcome.New, 0, Snapshot(3))], default);
        }

        string[] scripts = [.. Schema.Scripts, "ALTER TABLE repository ADD COLUMN note TEXT; CREATE TABLE extra (id INTEGER)", "INSERT INTO extra VALUES (7)"];
        await using (SqliteHeadStore upgraded = SqliteHeadStore.Open(DatabasePath, scripts))
        {
            await upgraded.RecordAsync([Visit(1, Outcome.Unchanged, 1)], default);
            Assert.Equal(Snapshot(3).Id, (await upgraded.FindAsync([Url(1)], default))[0]!.Snapshot);
            Assert.Equal(2, (await ListAsync(upgraded.ListVisitsAsync(Url(1), default))).Count);
        }

        using HeadConnection connection = HeadConnection.OpenReader(DatabasePath);
        Assert.Equal((Schema.Scripts.Count + 2, 7), (connection.Number("PRAGMA user_version"), connection.Number("SELECT id FROM extra")));
    }

    [Fact]
    public async Task A_repository_of_version_1_is_read_and_written_on()
    {
        using (HeadConnection connection = HeadConnection.OpenWriter(DatabasePath))
        {
            Schema.Upgrade(connection, [Schema.Scripts[0]]);
            connection.Execute($"""
                INSERT INTO repository (number, url, visits, visited_at, outcome, campaign, failures) VALUES (1, '{Url(1)}', 3, 1000, 6, 1, 2);
                INSERT INTO repository_url VALUES ({UrlKey.Of(System.Text.Encoding.UTF8.GetBytes(Url(1).ToString()))}, 1);
                INSERT INTO outcome_count VALUES (6, 1);
                """);
        }

        await using SqliteHeadStore store = SqliteHeadStore.Open(DatabasePath);
        RepositoryState before = (await store.FindAsync([Url(1)], default))[0]!;
        Assert.Equal((3, 2, RepositoryEvidence.None), (before.Visit, before.Failures, before.Evidence));
        await store.RecordAsync([Visit(1, Outcome.Gone, 1)], default);
        Assert.Equal(1, (await store.FindAsync([Url(1)], default))[0]!.Evidence.Absences);
    }

    [Fact]
    public async Task An_upgrade_that_fails_leaves_the_version_before()
    {
        await SqliteHeadStore.Open(DatabasePath).DisposeAsync();
        Assert.Throws<HeadStoreException>(() => SqliteHeadStore.Open(DatabasePath, [.. Schema.Scripts, "CREATE TABLE extra (id INTEGER)", "CREATE TABLE extra (id INTEGER)"]));
        await using SqliteHeadStore store = SqliteHeadStore.Open(DatabasePath);
        using HeadConnection connection = HeadConnection.OpenReader(DatabasePath);
        Assert.Equal(0, connection.Number("SELECT count(*) FROM sqlite_master WHERE name = 'extra'"));
    }

    [Fact]
    public async Task A_newer_version_is_refused_in_words()
    {
        await SqliteHeadStore.Open(DatabasePath, [.. Schema.Scripts, "SELECT 1"]).DisposeAsync();
        string expected = $"The head database has version {Schema.Scripts.Count + 1}; this program knows versions up to {Schema.Scripts.Count}: use a newer one (head database '{DatabasePath}')";
        Assert.Equal(expected, Assert.Throws<HeadStoreException>(() => SqliteHeadStore.Open(DatabasePath)).Message);
        Assert.Equal(expected, Assert.Throws<HeadStoreException>(() => SqliteHeadStore.OpenForReading(DatabasePath)).Message);
    }

    [Fact]
    public void An_older_version_is_not_opened_for_reading()
    {
        using (HeadConnection connection = HeadConnection.OpenWriter(DatabasePath))
        {
            Schema.Upgrade(connection, []);
        }

        Assert.Contains("older version", Assert.Throws<HeadStoreException>(() => SqliteHeadStore.OpenForReading(DatabasePath)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Another_programs_database_is_refused_and_not_touched()
    {
        using (HeadConnection other = HeadConnection.OpenWriter(DatabasePath))
        {
            other.Execute("CREATE TABLE theirs (id INTEGER)");
        }

        byte[] before = File.ReadAllBytes(DatabasePath);
        Assert.Contains("some other program", Assert.Throws<HeadStoreException>(() => SqliteHeadStore.Open(DatabasePath)).Message, StringComparison.Ordinal);
        Assert.Equal(before, File.ReadAllBytes(DatabasePath));
    }
}
