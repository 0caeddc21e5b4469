using Actors.Store.Postgres;
using Actors.Store.Tests.Heads.Postgres;
using Actors.TestKit.Servers;
using Npgsql;
using Xunit;

namespace Actors.Store.Tests.Postgres;

public sealed class OrleansSchemaTests(SharedPostgres shared) : IAsyncLifetime
{
    private static readonly DateTime Now = new(2026, 5, 4, 3, 2, 1, DateTimeKind.Utc);

    private OrleansQueries? _queries;

    private OrleansQueries Queries => _queries!;

    public async ValueTask InitializeAsync() => _queries = await OrleansQueries.OpenAsync(await shared.StartAsync(Assert.Skip));

    public ValueTask DisposeAsync() => _queries?.DisposeAsync() ?? default;

    [Fact]
    public void Every_statement_that_the_providers_look_for_is_there() => Assert.Equal(
        new[]
        {
            // Clustering (DbStoredQueries).
            "GatewaysQueryKey", "MembershipReadRowKey", "MembershipReadAllKey", "InsertMembershipVersionKey", "UpdateIAmAlivetimeKey", "InsertMembershipKey",
            "UpdateMembershipKey", "DeleteMembershipTableEntriesKey", "CleanupDefunctSiloEntriesKey",
            // Reminders.
            "ReadReminderRowsKey", "ReadRangeRows1Key", "ReadRangeRows2Key", "ReadReminderRowKey", "UpsertReminderRowKey", "DeleteReminderRowKey", "DeleteReminderRowsKey",
            // Grain state (AdoNetGrainStorage).
            "WriteToStorageKey", "ReadFromStorageKey", "ClearStorageKey", "DeleteStorageKey",
        }.Order(),
        Queries.Texts.Keys.Order());

    [Fact]
    public async Task A_silo_joins_only_with_the_version_that_is_there()
    {
        Assert.True(await InitializeAsync("one"));
        Assert.False(await InitializeAsync("one"));
        Assert.Equal(0, Assert.Single(await ReadAllAsync("one"))["Version"]);
        Assert.Null(Assert.Single(await ReadAllAsync("one"))["StartTime"]);
        Assert.False(await InsertAsync("one", port: 1, version: 1));
        Assert.True(await InsertAsync("one", port: 1, version: 0));
        Assert.False(await InsertAsync("one", port: 1, version: 0));
        Assert.False(await InsertAsync("one", port: 1, version: 1));
        Assert.False(await InsertAsync("none", port: 1, version: 0));
        Assert.True(await InsertAsync("one", port: 2, version: 1));
        List<Dictionary<string, object?>> all = await ReadAllAsync("one");
        Assert.Equal([1, 2], all.Select(r => r["Port"]).Order());
        Assert.All(all, r => Assert.Equal(2, r["Version"]));
        Assert.Empty(await ReadAllAsync("none"));
    }

    [Fact]
    public async Task A_silo_is_read_as_it_was_written()
    {
        await InitializeAsync("one");
        await InsertAsync("one", port: 1, version: 0);
        Dictionary<string, object?> row = Assert.Single(await Queries.RunAsync("MembershipReadRowKey", Silo("one", 1)));
        Assert.Equal(
            ("one", "10.0.0.1", 1, 7, "silo 1", "host", 3, 30001, null, Now, Now, 1),
            ((string)row["DeploymentId"]!, (string)row["Address"]!, (int)row["Port"]!, (int)row["Generation"]!, (string)row["SiloName"]!, (string)row["HostName"]!,
                (int)row["Status"]!, (int)row["ProxyPort"]!, row["SuspectTimes"], (DateTime)row["StartTime"]!, (DateTime)row["IAmAliveTime"]!, (int)row["Version"]!));

        // Without such a silo the version comes all the same.
        Dictionary<string, object?> missing = Assert.Single(await Queries.RunAsync("MembershipReadRowKey", Silo("one", 9)));
        Assert.Equal((1, null), ((int)missing["Version"]!, missing["StartTime"]));
    }

    [Fact]
    public async Task A_silo_s_row_changes_only_with_the_version_that_is_there()
    {
        await InitializeAsync("one");
        await InsertAsync("one", port: 1, version: 0);
        Assert.False(await UpdateAsync("one", 1, version: 0, status: 6));
        Assert.False(await UpdateAsync("one", 9, version: 1, status: 6));
        Assert.True(await UpdateAsync("one", 1, version: 1, status: 6, "S10.0.0.2:1@7,2026-05-04 03:02:01.000 GMT"));
        Dictionary<string, object?> row = Assert.Single(await ReadAllAsync("one"));
        Assert.Equal((6, 2, "S10.0.0.2:1@7,2026-05-04 03:02:01.000 GMT", Now.AddSeconds(5)), ((int)row["Status"]!, (int)row["Version"]!, (string)row["SuspectTimes"]!, (DateTime)row["IAmAliveTime"]!));
        Assert.True(await UpdateAsync("one", 1, version: 2, status: 6, null));
        Assert.Null(Assert.Single(await ReadAllAsync("one"))["SuspectTimes"]);
    }

    [Fact]
    public async Task Of_changes_at_once_with_one_version_one_is_made()
    {
        await InitializeAsync("one");
        await InsertAsync("one", port: 100, version: 0);
        for (int version = 1; version <= 20; version++)
        {
            int round = version;
            bool[] made = await Task.WhenAll(Enumerable.Range(0, 8).Select(n => Task.Run(() => n % 2 == 0
                ? InsertAsync("one", port: (round * 10) + n, version: round)
                : UpdateAsync("one", 100, round, status: n))));
            Assert.Equal(1, made.Count(m => m));
            Assert.All(await ReadAllAsync("one"), r => Assert.Equal(round + 1, r["Version"]));
        }
    }

    [Fact]
    public async Task Gateways_are_the_active_silos_with_a_gateway()
    {
        await InitializeAsync("one");
        await InsertAsync("one", port: 1, version: 0);
        await InsertAsync("one", port: 2, version: 1, proxyPort: 0);
        await InsertAsync("one", port: 3, version: 2, status: 2);
        Dictionary<string, object?> gateway = Assert.Single(await Queries.RunAsync("GatewaysQueryKey", ("DeploymentId", "one"), ("Status", 3)));
        Assert.Equal(("10.0.0.1", 30001, 7), ((string)gateway["Address"]!, (int)gateway["ProxyPort"]!, (int)gateway["Generation"]!));
    }

    [Fact]
    public async Task Dead_silos_of_long_ago_are_cleaned_up_and_a_cluster_can_go()
    {
        foreach (string cluster in new[] { "one", "two" })
        {
            await InitializeAsync(cluster);
            for (int n = 0; n < 4; n++)
            {
                await InsertAsync(cluster, port: n + 1, version: n, status: n < 2 ? 6 : 3);
            }
        }

        await Queries.RunAsync("UpdateIAmAlivetimeKey", [.. Silo("one", 2), ("IAmAliveTime", Now.AddDays(3))]);
        Assert.Equal(Now.AddDays(3), Assert.Single(await Queries.RunAsync("MembershipReadRowKey", Silo("one", 2)))["IAmAliveTime"]);
        await Queries.RunAsync("CleanupDefunctSiloEntriesKey", ("DeploymentId", "one"), ("IAmAliveTime", Now.AddDays(1)));
        Assert.Equal([2, 3, 4], (await ReadAllAsync("one")).Select(r => r["Port"]).Order());
        await Queries.RunAsync("DeleteMembershipTableEntriesKey", ("DeploymentId", "one"));
        Assert.Empty(await ReadAllAsync("one"));
        Assert.Equal(4, (await ReadAllAsync("two")).Count);
        Assert.True(await InitializeAsync("one"));
    }

    [Fact]
    public async Task Reminders_are_upserted_read_and_removed_by_version()
    {
        Assert.Equal(0, await UpsertAsync("grain/a", "daily", hash: 1));
        Assert.Equal(1, await UpsertAsync("grain/a", "daily", hash: 1, period: 90_000));
        Assert.Equal(0, await UpsertAsync("grain/a", "long", hash: 1, period: 3_000_000_000));
        Assert.Equal(0, await UpsertAsync("grain/b", "daily", hash: 2));
        List<Dictionary<string, object?>> rows = await Queries.RunAsync("ReadReminderRowsKey", ("ServiceId", "s"), ("GrainId", "grain/a"));
        Assert.Equal([("daily", 90_000L, 1), ("long", 3_000_000_000, 0)], rows.Select(r => ((string)r["ReminderName"]!, (long)r["Period"]!, (int)r["Version"]!)).Order());
        Dictionary<string, object?> one = Assert.Single(await Queries.RunAsync("ReadReminderRowKey", ("ServiceId", "s"), ("GrainId", "grain/b"), ("ReminderName", "daily")));
        Assert.Equal(("grain/b", Now), ((string)one["GrainId"]!, (DateTime)one["StartTime"]!));
        Assert.Empty(await Queries.RunAsync("ReadReminderRowKey", ("ServiceId", "s"), ("GrainId", "grain/b"), ("ReminderName", "none")));
        Assert.False(await DeleteAsync("daily", version: 0));
        Assert.True(await DeleteAsync("daily", version: 1));
        Assert.False(await DeleteAsync("daily", version: 1));
        Assert.Equal(0, await UpsertAsync("grain/a", "daily", hash: 1));
        await Queries.RunAsync("DeleteReminderRowsKey", ("ServiceId", "s"));
        Assert.Empty(await RangeAsync("ReadRangeRows2Key", 0, 0));

        Task<bool> DeleteAsync(string name, int version) =>
            Queries.SucceedsAsync("DeleteReminderRowKey", ("ServiceId", "s"), ("GrainId", "grain/a"), ("ReminderName", name), ("Version", version));
    }

    [Fact]
    public async Task Reminders_of_a_part_of_the_ring_are_read_without_its_begin_and_with_its_end()
    {
        foreach (int hash in new[] { int.MinValue, -5, 0, 5, int.MaxValue })
        {
            await UpsertAsync($"grain/{hash}", "r", hash);
        }

        Assert.Equal([0, 5], await RangeAsync("ReadRangeRows1Key", -5, 5));
        Assert.Equal([-5], await RangeAsync("ReadRangeRows1Key", int.MinValue, -1));

        // Over the ring's end.
        Assert.Equal([int.MinValue, -5, int.MaxValue], await RangeAsync("ReadRangeRows2Key", 5, -5));

        // All of it.
        Assert.Equal([int.MinValue, -5, 0, 5, int.MaxValue], await RangeAsync("ReadRangeRows2Key", 0, 0));
    }

    [Fact]
    public async Task Grain_state_is_written_only_over_the_version_that_was_read()
    {
        Assert.Null(await ReadAsync("a"));
        Assert.Equal(1, await WriteAsync("a", null, [1]));
        Assert.Null(await WriteAsync("a", null, [9]));
        Assert.Null(await WriteAsync("a", 2, [9]));
        Assert.Null(await WriteAsync("b", 1, [9]));
        Assert.Equal(2, await WriteAsync("a", 1, [2]));
        Assert.Equal(([2], 2), await ReadAsync("a"));

        // Others that differ in one part of the name only.
        Assert.Equal(1, await WriteAsync(null, null, [3]));
        Assert.Equal(1, await WriteAsync("", null, [4]));
        Assert.Equal(1, await WriteAsync("a", null, [5], type: "other"));
        Assert.Equal(1, await WriteAsync("a", null, [6], service: "other"));
        Assert.Equal(1, await WriteAsync("a", null, [7], n1: 8));
        Assert.Equal(1, await WriteAsync(new string('é', 5000), null, [8]));
        Assert.Equal(([2], 2), await ReadAsync("a"));
        Assert.Equal(([3], 1), await ReadAsync(null));
        Assert.Equal(([8], 1), await ReadAsync(new string('é', 5000)));
    }

    [Fact]
    public async Task Grain_state_is_cleared_or_removed_only_with_its_version()
    {
        await WriteAsync("a", null, [1]);
        Assert.Null(await ClearAsync("ClearStorageKey", "a", 2));
        Assert.Equal(2, await ClearAsync("ClearStorageKey", "a", 1));
        Assert.Equal((null, 2), await ReadAsync("a"));
        Assert.Null(await WriteAsync("a", null, [9]));
        Assert.Equal(3, await WriteAsync("a", 2, [3]));
        Assert.Null(await ClearAsync("DeleteStorageKey", "a", 2));
        Assert.Equal(4, await ClearAsync("DeleteStorageKey", "a", 3));
        Assert.Null(await ReadAsync("a"));
        Assert.Equal(1, await WriteAsync("a", null, [5]));
    }

    [Fact]
    public async Task Of_two_activations_that_write_at_once_one_wins()
    {
        int version = 0;
        for (int round = 0; round < 20; round++)
        {
            int? before = version == 0 ? null : version;
            int?[] written = await Task.WhenAll(Enumerable.Range(0, 6).Select(n => Task.Run(() => WriteAsync("a", before, [(byte)n]))));
            version = Assert.Single(written, w => w is not null)!.Value;
            Assert.Equal(round + 1, version);
        }
    }

    [Fact]
    public async Task The_objects_are_applied_once_beside_a_store_which_has_none_of_them_without()
    {
        string connection = await HeadDatabase.CreateAsync(await shared.StartAsync(Assert.Skip));
        Assert.Equal(true, await HeadDatabase.ScalarAsync(connection, "SELECT to_regclass('orleansquery') IS NULL"));
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => OrleansSchema.ApplyAsync(connection, TimeProvider.System, new Random(1), CancellationToken.None))));
        Assert.Equal((long)SchemaScript.Orleans.Count, await HeadDatabase.ScalarAsync(connection, "SELECT count(*) FROM orleans_schema_script"));
        Assert.Equal(true, await HeadDatabase.ScalarAsync(connection, "SELECT to_regclass('repository') IS NOT NULL"));
        Assert.Equal(Enumerable.Range(1, SchemaScript.Orleans.Count), SchemaScript.Orleans.Select(s => s.Number));
    }

    [Fact]
    public void The_providers_connection_names_the_schema()
    {
        Assert.Equal("actors", new NpgsqlConnectionStringBuilder(OrleansSchema.ConnectionStringFor("Host=a;Database=b")).SearchPath);
        Assert.Equal("other", new NpgsqlConnectionStringBuilder(OrleansSchema.ConnectionStringFor("Host=a;Search Path=other")).SearchPath);
        Assert.Throws<ArgumentException>(() => OrleansSchema.ConnectionStringFor("nonsense"));
    }

    private static (string, object?)[] Silo(string cluster, int port) => [("DeploymentId", cluster), ("Address", "10.0.0.1"), ("Port", port), ("Generation", 7)];

    private Task<bool> InitializeAsync(string cluster) => Queries.SucceedsAsync("InsertMembershipVersionKey", ("DeploymentId", cluster));

    private Task<List<Dictionary<string, object?>>> ReadAllAsync(string cluster) => Queries.RunAsync("MembershipReadAllKey", ("DeploymentId", cluster));

    private Task<bool> InsertAsync(string cluster, int port, int version, int status = 3, int proxyPort = 30001) => Queries.SucceedsAsync(
        "InsertMembershipKey",
        [
            ("DeploymentId", cluster), ("IAmAliveTime", Now), ("SiloName", $"silo {port}"), ("HostName", "host"), ("Address", "10.0.0.1"), ("Port", port), ("Generation", 7),
            ("StartTime", Now), ("Status", status), ("ProxyPort", proxyPort), ("Version", version),
        ]);

    private Task<bool> UpdateAsync(string cluster, int port, int version, int status, string? suspects = "x") => Queries.SucceedsAsync(
        "UpdateMembershipKey", [.. Silo(cluster, port), ("IAmAliveTime", Now.AddSeconds(5)), ("Status", status), ("SuspectTimes", suspects), ("Version", version)]);

    private async Task<int> UpsertAsync(string grain, string name, int hash, long period = 60_000) => (int)Assert.Single(await Queries.RunAsync(
        "UpsertReminderRowKey",
        ("ServiceId", "s"), ("GrainHash", hash), ("GrainId", grain), ("ReminderName", name), ("StartTime", Now), ("Period", period <= int.MaxValue ? (int)period : (object)period)))["Version"]!;

    private async Task<IEnumerable<int>> RangeAsync(string key, int begin, int end) =>
        (await Queries.RunAsync(key, ("ServiceId", "s"), ("BeginHash", begin), ("EndHash", end))).Select(r => int.Parse(((string)r["GrainId"]!)["grain/".Length..], null)).Order();

    private static (string, object?)[] State(string? extension, string type = "type", string service = "s", long n1 = 2) =>
        [("GrainIdHash", 17), ("GrainIdN0", 1L), ("GrainIdN1", n1), ("GrainTypeHash", 18), ("GrainTypeString", type), ("GrainIdExtensionString", extension), ("ServiceId", service)];

    private async Task<int?> WriteAsync(string? extension, int? version, byte[] payload, string type = "type", string service = "s", long n1 = 2) =>
        (int?)(await Queries.RunAsync("WriteToStorageKey", [.. State(extension, type, service, n1), ("GrainStateVersion", version), ("PayloadBinary", payload)])).SingleOrDefault()?["NewGrainStateVersion"];

    private async Task<(byte[]? Payload, int Version)?> ReadAsync(string? extension) =>
        (await Queries.RunAsync("ReadFromStorageKey", State(extension))).SingleOrDefault() is { } row ? ((byte[]?)row["PayloadBinary"], (int)row["Version"]!) : null;

    private async Task<int?> ClearAsync(string key, string? extension, int version) =>
        (int?)(await Queries.RunAsync(key, [.. State(extension), ("GrainStateVersion", version)])).SingleOrDefault()?["NewGrainStateVersion"];
}
