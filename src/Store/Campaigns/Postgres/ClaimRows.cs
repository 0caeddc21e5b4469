using System.Globalization;
using Actors.Git.Remotes;
using Actors.Store.Heads;
using Npgsql;
using static Actors.Store.Heads.Postgres.HeadValues;

namespace Actors.Store.Campaigns.Postgres;

/// <summary>Claims on chunks.</summary>
internal static class ClaimRows
{
    /// <summary>
    /// From campaign to campaign by priority, from host to host, a few chunks of each, until there are enough. A host costs one
    /// look into an index, whatever it has. Rows that others are claiming are passed over, not waited for. Joins are lateral where
    /// their order matters: nothing may put hosts before campaigns.
    /// </summary>
    private const string ClaimSql =
        """
        WITH picked AS MATERIALIZED (
            SELECT k.campaign, k.number
            FROM (SELECT campaign FROM submitted_campaign WHERE stage = 1 ORDER BY priority DESC, hashint4extended(campaign, $7) LIMIT 1000) c
            CROSS JOIN LATERAL ({0}) h
            CROSS JOIN LATERAL (
                SELECT k.campaign, k.number FROM campaign_chunk k
                WHERE k.campaign = c.campaign AND k.spot = h.spot AND NOT k.closed AND k.free_at <= now()
                ORDER BY k.number LIMIT $4 FOR UPDATE SKIP LOCKED) k
            LIMIT $2)
        UPDATE campaign_chunk t SET claim = t.claim + 1, checkpoint = 0, holder = $1, free_at = now() + $3
        FROM picked p WHERE t.campaign = p.campaign AND t.number = p.number
        RETURNING t.campaign, t.number, t.claim, t.host, t.repositories, t.done, t.lines
        """;

    /// <summary>All hosts with open chunks, from a random one on, around.</summary>
    private const string AnySql =
        """
        SELECT s.spot
        FROM (VALUES (c.campaign, $6, 9223372036854775807), (c.campaign, (-9223372036854775808)::bigint, $6 - 1)) r (campaign, low, high)
        CROSS JOIN LATERAL (
            WITH RECURSIVE s (spot) AS (
                SELECT (SELECT o.spot FROM campaign_chunk o WHERE o.campaign = r.campaign AND NOT o.closed AND o.spot >= r.low AND o.spot <= r.high ORDER BY o.spot LIMIT 1)
                UNION ALL
                SELECT (SELECT o.spot FROM campaign_chunk o WHERE o.campaign = r.campaign AND NOT o.closed AND o.spot > s.spot AND o.spot <= r.high ORDER BY o.spot LIMIT 1)
                FROM s WHERE s.spot IS NOT NULL)
            SELECT s.spot FROM s
            WHERE s.spot IS NOT NULL AND s.spot <> ALL ($5)
                AND NOT EXISTS (SELECT FROM host_pause p WHERE p.spot = s.spot AND greatest(p.braked_until, p.silent_until) > now())
                AND (NOT $8 OR s.spot = 0 OR NOT EXISTS (
                    SELECT FROM (
                        SELECT o.holder, o.free_at FROM campaign_chunk o WHERE o.campaign = r.campaign AND NOT o.closed AND o.spot = s.spot ORDER BY o.number LIMIT {1}) f
                    WHERE f.holder <> $1 AND f.free_at > now()))) s
        """;

    /// <summary>Given hosts, in the order in which they come.</summary>
    private const string WantedSql =
        """
        SELECT s.spot FROM unnest($9) s (spot)
        WHERE c.campaign IS NOT NULL AND $6 IS NOT NULL AND $8 IS NOT NULL AND s.spot <> ALL ($5)
            AND NOT EXISTS (SELECT FROM host_pause p WHERE p.spot = s.spot AND greatest(p.braked_until, p.silent_until) > now())
        """;

    private const string RenewSql =
        """
        WITH held AS (
            UPDATE campaign_chunk c SET free_at = now() + $4 FROM unnest($1, $2, $3) AS v (campaign, chunk, claim)
            WHERE c.campaign = v.campaign AND c.number = v.chunk AND c.claim = v.claim AND c.holder IS NOT NULL AND NOT c.closed
            RETURNING c.campaign, c.number, c.claim)
        SELECT CASE WHEN h.claim IS NULL THEN 0 WHEN s.stage = 1 THEN 1 ELSE 2 END
        FROM unnest($1, $2, $3) WITH ORDINALITY AS v (campaign, chunk, claim, place)
        LEFT JOIN held h ON h.campaign = v.campaign AND h.number = v.chunk AND h.claim = v.claim
        LEFT JOIN submitted_campaign s ON s.campaign = v.campaign
        ORDER BY v.place
        """;

    private static readonly string ClaimAnySql = ClaimSql.Replace("{0}", AnySql, StringComparison.Ordinal)
        .Replace("{1}", Limits.ChunksLookedAtMax.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal);

    private static readonly string ClaimWantedSql = ClaimSql.Replace("{0}", WantedSql, StringComparison.Ordinal);

    /// <summary>Claims chunks. When the answer is lost they come back at the end of their leases.</summary>
    /// <param name="source">Connections.</param>
    /// <param name="request">Which, and how many.</param>
    /// <param name="start">Of the hosts, where to begin.</param>
    /// <param name="salt">Mixes campaigns of one priority.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static async Task<IReadOnlyList<ClaimedChunk>> ClaimAsync(NpgsqlDataSource source, ClaimRequest request, long start, int salt, CancellationToken cancellationToken)
    {
        List<ClaimedChunk> chunks = [];
        NpgsqlCommand command = source.CreateCommand(request.Wanted is null ? ClaimAnySql : ClaimWantedSql);
        await using (command.ConfigureAwait(false))
        {
            command.Parameters.AddRange(
                new[]
                {
                    Of(Text(request.Holder)!), Of(Math.Min(request.Max, Limits.ChunksClaimedMax)), Of(request.Lease), Of(request.PerHostMax),
                    Of(request.Avoided.Select(HostSpot.Of).ToArray()), Of(start), Of((long)salt), Of(request is { Unshared: true, Wanted: null }),
                });
            if (request.Wanted is { } wanted)
            {
                command.Parameters.Add(Of(wanted.Distinct().Select(HostSpot.Of).ToArray()));
            }

            NpgsqlDataReader row = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
            await using (row.ConfigureAwait(false))
            {
                while (await row.ReadAsync(cancellationToken).ConfigureAwait(false))
                {
                    chunks.Add(Read(row));
                }
            }
        }

        return chunks;
    }

    public static async Task<IReadOnlyList<HoldState>> RenewAsync(NpgsqlDataSource source, IReadOnlyList<ChunkHold> holds, TimeSpan lease, CancellationToken cancellationToken)
    {
        List<HoldState> states = new(holds.Count);
        NpgsqlCommand command = source.CreateCommand(RenewSql);
        await using (command.ConfigureAwait(false))
        {
            command.Parameters.AddRange(
                new[]
                {
                    Of(holds.Select(h => checked((int)h.Campaign.Number)).ToArray()), Of(holds.Select(h => h.Chunk).ToArray()), Of(holds.Select(h => h.Claim).ToArray()), Of(lease),
                });
            NpgsqlDataReader row = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
            await using (row.ConfigureAwait(false))
            {
                while (await row.ReadAsync(cancellationToken).ConfigureAwait(false))
                {
                    states.Add((HoldState)row.GetInt32(0));
                }
            }
        }

        return states;
    }

    private static ClaimedChunk Read(NpgsqlDataReader row) => new()
    {
        Hold = new ChunkHold(new CampaignId(row.GetInt32(0)), row.GetInt32(1), row.GetInt32(2)),
        Host = row.GetString(3) is { Length: > 0 } host ? ForgeHost.Parse(host) : null,
        Done = row.GetFieldValue<byte[]>(5),
        Lines = ChunkLines.Unpack(row.GetFieldValue<byte[]>(6), row.GetInt32(4)),
    };
}
