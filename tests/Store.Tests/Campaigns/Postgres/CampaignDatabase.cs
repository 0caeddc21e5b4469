using Actors.Store.Campaigns;
using Actors.Store.Tests.Heads.Postgres;
using Actors.TestKit.Servers;

namespace Actors.Store.Tests.Campaigns.Postgres;

/// <summary>Campaign databases on the tests' server.</summary>
internal static class CampaignDatabase
{
    /// <summary>A new one, empty, its schema applied.</summary>
    /// <returns>How to connect to it.</returns>
    public static Task<string> CreateAsync(PostgresServer server) => HeadDatabase.CreateAsync(server);

    public static Task<PostgresCampaignStore> OpenAsync(string connection, int seed = 1) =>
        PostgresCampaignStore.OpenAsync(connection, TimeProvider.System, new Random(seed), CancellationToken.None);

    /// <summary>Lets all leases and waits pass.</summary>
    public static Task ExpireAsync(string connection) => HeadDatabase.ScalarAsync(connection, "UPDATE campaign_chunk SET free_at = now()");
}
