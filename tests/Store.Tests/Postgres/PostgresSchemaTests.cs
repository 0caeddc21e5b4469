using Actors.Store.Postgres;
using Actors.TestKit.Servers;
using Npgsql;
using Xunit;

namespace Actors.Store.Tests.Postgres;

public sealed class PostgresSchemaTests(SharedPostgres shared)
{
    private static readonly SchemaScript First = new(1, "things", "CREATE TABLE thing (number int);");
    private static readonly SchemaScript Second = new(2, "more", "ALTER TABLE thing ADD name text; INSERT INTO thing VALUES (1, 'one');");

    [Fact]
    public async Task Scripts_are_applied_once_and_told_in_a_table()
    {
        await using PostgresDatabase database = await OpenAsync();
        await PostgresSchema.ApplyAsync(database.Source, [First], default);
        await PostgresSchema.ApplyAsync(database.Source, [First, Second], default);
        await PostgresSchema.ApplyAsync(database.Source, [First, Second], default);
        Assert.Equal(1L, await ScalarAsync(database, "SELECT count(*) FROM thing"));
        Assert.Equal("1 things|2 more", await ScalarAsync(database, "SELECT string_agg(number || ' ' || name, '|' ORDER BY number) FROM schema_script"));
        Assert.Equal(First.Checksum, await ScalarAsync(database, "SELECT checksum FROM schema_script WHERE number = 1"));
        Assert.Equal("actors", await ScalarAsync(database, "SELECT schemaname::text FROM pg_tables WHERE tablename = 'thing'"));
    }

    [Fact]
    public async Task Processes_that_start_at_once_apply_each_script_once()
    {
        string connection = await (await shared.StartAsync(Assert.Skip)).CreateDatabaseAsync();
        await Task.WhenAll(Enumerable.Range(0, 8).Select(async _ =>
        {
            await using PostgresDatabase database = PostgresDatabase.Open(connection, TimeProvider.System, new Random(1));
            await PostgresSchema.ApplyAsync(database.Source, [First, Second], default);
            Assert.Equal(1L, await ScalarAsync(database, "SELECT count(*) FROM thing"));
        }));
    }

    [Fact]
    public async Task A_script_that_was_changed_after_it_was_applied_is_refused()
    {
        await using PostgresDatabase database = await OpenAsync();
        await PostgresSchema.ApplyAsync(database.Source, [First], default);
        PostgresStoreException refused = await Assert.ThrowsAsync<PostgresStoreException>(
            () => PostgresSchema.ApplyAsync(database.Source, [First with { Sql = First.Sql + " " }, Second], default));
        Assert.Contains("Script 0001-things was applied with other contents", refused.Message, StringComparison.Ordinal);
        Assert.Equal(1L, await ScalarAsync(database, "SELECT count(*) FROM schema_script"));
        await PostgresSchema.ApplyAsync(database.Source, [First with { Sql = First.Sql.ReplaceLineEndings("\r\n") }], default);
    }

    [Fact]
    public async Task A_database_of_a_later_generation_is_refused_and_one_that_was_only_extended_is_not()
    {
        await using PostgresDatabase database = await OpenAsync();
        await PostgresSchema.ApplyAsync(database.Source, [First, Second], default);
        await PostgresSchema.ApplyAsync(database.Source, [First], default);
        SchemaScript later = new(SchemaScript.Generation, "later", "SELECT 1");
        await PostgresSchema.ApplyAsync(database.Source, [First, Second, later], default);
        PostgresStoreException refused = await Assert.ThrowsAsync<PostgresStoreException>(() => PostgresSchema.ApplyAsync(database.Source, [First], default));
        Assert.Contains($"schema version {SchemaScript.Generation}; this program knows versions up to 1", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_script_that_fails_leaves_nothing()
    {
        await using PostgresDatabase database = await OpenAsync();
        await Assert.ThrowsAsync<PostgresException>(
            () => PostgresSchema.ApplyAsync(database.Source, [First, new SchemaScript(2, "broken", "CREATE TABLE half (number int); SELECT 1 / 0;")], default));
        Assert.Equal(1L, await ScalarAsync(database, "SELECT count(*) FROM schema_script"));
        Assert.Equal(true, await ScalarAsync(database, "SELECT to_regclass('half') IS NULL"));
    }

    [Fact]
    public async Task Two_stores_share_a_database_by_schemas_of_their_own()
    {
        string connection = await (await shared.StartAsync(Assert.Skip)).CreateDatabaseAsync();
        await using PostgresDatabase one = PostgresDatabase.Open(connection, TimeProvider.System, new Random(1));
        await using PostgresDatabase two = PostgresDatabase.Open(connection + ";Search Path=other", TimeProvider.System, new Random(1));
        await PostgresSchema.ApplyAsync(one.Source, [First, Second], default);
        await PostgresSchema.ApplyAsync(two.Source, [First], default);
        Assert.Equal(0L, await ScalarAsync(two, "SELECT count(*) FROM thing"));
    }

    [Fact]
    public void The_program_s_scripts_are_numbered_from_one_without_gaps() =>
        Assert.Equal(Enumerable.Range(1, SchemaScript.All.Count), SchemaScript.All.Select(s => s.Number));

    [Fact]
    public void Neither_the_name_nor_a_refusal_tells_the_password()
    {
        PostgresDatabase database = PostgresDatabase.Open("Host=db.example.org;Database=heads;Username=me;Password=s3cret", TimeProvider.System, new Random(1));
        Assert.Equal("db.example.org:5432/heads, schema actors", database.Name);
        Assert.DoesNotContain("s3cret", database.Source.ConnectionString, StringComparison.Ordinal);
        ArgumentException refused = Assert.Throws<ArgumentException>(() => PostgresDatabase.Open("Host=a;Pass word=s3cret", TimeProvider.System, new Random(1)));
        Assert.DoesNotContain("s3cret", refused.ToString(), StringComparison.Ordinal);
        refused = Assert.Throws<ArgumentException>(() => PostgresDatabase.Open("Host=a;Port=s3cret", TimeProvider.System, new Random(1)));
        Assert.DoesNotContain("s3cret", refused.ToString(), StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => PostgresDatabase.Open("Host=a;Search Path=\"a;b\"", TimeProvider.System, new Random(1)));
    }

    private async Task<PostgresDatabase> OpenAsync() =>
        PostgresDatabase.Open(await (await shared.StartAsync(Assert.Skip)).CreateDatabaseAsync(), TimeProvider.System, new Random(1));

    private static async Task<object?> ScalarAsync(PostgresDatabase database, string sql)
    {
        await using NpgsqlCommand command = database.Source.CreateCommand(sql);
        return await command.ExecuteScalarAsync();
    }
}
