using Actors.Git.Remotes;
using Actors.Store.Heads;
using Npgsql;
using static Actors.Store.Heads.Postgres.HeadValues;

namespace Actors.Store.Campaigns.Postgres;

/// <summary>Hosts: what waits for them, and which are left alone.</summary>
internal static class HostRows
{
    private const string BacklogSql =
        """
        SELECT k.host, sum(k.left_over)::bigint, count(*) FROM submitted_campaign s JOIN campaign_chunk k ON k.campaign = s.campaign
        WHERE s.stage = 1 AND NOT k.closed AND ($2::bigint IS NULL OR s.campaign = $2::bigint) GROUP BY k.host ORDER BY 2 DESC, 1 LIMIT $1
        """;

    private const string BrakeSql =
        """
        WITH freed AS (
            UPDATE campaign_chunk k SET free_at = now() FROM submitted_campaign s
            WHERE s.stage IN (1, 2) AND k.campaign = s.campaign AND k.spot IN ($1[1], 0) AND NOT k.closed AND k.holder IS NULL AND k.free_at > now())
        INSERT INTO host_pause (spot, host, braked_until) SELECT * FROM unnest($1, $2, $3) v (spot, host, until) ORDER BY spot
        ON CONFLICT (spot) DO UPDATE SET braked_until = excluded.braked_until, silent_until = NULL
        """;

    private const string SilenceSql =
        """
        INSERT INTO host_pause (spot, host, silent_until) SELECT * FROM unnest($1, $2, $3) v (spot, host, until) ORDER BY spot
        ON CONFLICT (spot) DO UPDATE SET silent_until = excluded.silent_until
        """;

    public static async Task<IReadOnlyList<HostBacklog>> CountBacklogAsync(NpgsqlDataSource source, CampaignId? campaign, int hostsMax, CancellationToken cancellationToken)
    {
        List<HostBacklog> hosts = [];
        NpgsqlCommand command = source.CreateCommand(BacklogSql);
        await using (command.ConfigureAwait(false))
        {
            command.Parameters.AddRange(new[] { Of(hostsMax), Of(campaign?.Number) });
            NpgsqlDataReader row = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
            await using (row.ConfigureAwait(false))
            {
                while (await row.ReadAsync(cancellationToken).ConfigureAwait(false))
                {
                    hosts.Add(new HostBacklog(row.GetString(0) is { Length: > 0 } host ? ForgeHost.Parse(host) : null, row.GetInt64(1), row.GetInt64(2)));
                }
            }
        }

        return hosts;
    }

    /// <summary>Keeps until when hosts are braked, or else silent; null: not.</summary>
    public static async Task<bool> SaveAsync(NpgsqlDataSource source, IReadOnlyList<(ForgeHost Host, DateTimeOffset? Until)> hosts, bool braked, CancellationToken cancellationToken)
    {
        (ForgeHost Host, DateTimeOffset? Until)[] last = [.. hosts.Reverse().DistinctBy(h => h.Host)];
        NpgsqlCommand command = source.CreateCommand(braked ? BrakeSql : SilenceSql);
        await using (command.ConfigureAwait(false))
        {
            command.Parameters.AddRange(
                new[]
                {
                    Of(Array.ConvertAll(last, h => HostSpot.Of(h.Host))), Of(Array.ConvertAll(last, h => h.Host.ToString())), Of(Array.ConvertAll(last, h => h.Until?.UtcDateTime)),
                });
            return await command.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false) > 0;
        }
    }

    public static async Task<IReadOnlyList<HostPause>> ListPausesAsync(NpgsqlDataSource source, CancellationToken cancellationToken)
    {
        List<HostPause> pauses = [];
        NpgsqlCommand command = source.CreateCommand(
            "SELECT host, CASE WHEN braked_until > now() THEN braked_until END, CASE WHEN silent_until > now() THEN silent_until END FROM host_pause "
            + "WHERE greatest(braked_until, silent_until) > now() ORDER BY host");
        await using (command.ConfigureAwait(false))
        {
            NpgsqlDataReader row = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
            await using (row.ConfigureAwait(false))
            {
                while (await row.ReadAsync(cancellationToken).ConfigureAwait(false))
                {
                    pauses.Add(new HostPause(
                        ForgeHost.Parse(row.GetString(0)),
                        row.IsDBNull(1) ? null : row.GetFieldValue<DateTimeOffset>(1),
                        row.IsDBNull(2) ? null : row.GetFieldValue<DateTimeOffset>(2)));
                }
            }
        }

        return pauses;
    }
}
