using Npgsql;
using static Actors.Store.Heads.Postgres.HeadValues;

namespace Actors.Store.Heads.Postgres;

/// <summary>Submitted lists and how far they are.</summary>
internal static class CampaignRows
{
    /// <summary>Adds a campaign under a number drawn before; harmless to repeat.</summary>
    public static async Task<CampaignState> AddAsync(NpgsqlDataSource source, CampaignState campaign, int number, CancellationToken cancellationToken)
    {
        NpgsqlCommand command = source.CreateCommand(
            "INSERT INTO campaign (number, key, started_at, lines_done, outcomes, ended_at) VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (number) DO NOTHING");
        await using (command.ConfigureAwait(false))
        {
            command.Parameters.AddRange(
                new[]
                {
                    Of(number), Of(Text(campaign.Key)!), Of(HeadTime.ToNumber(campaign.StartedAt)), Of(campaign.LinesDone), Of(campaign.Outcomes.ToArray()),
                    Of(HeadTime.ToNumber(campaign.EndedAt)),
                });
            _ = await command.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
            return campaign.Kept() with { Id = new CampaignId(number) };
        }
    }

    /// <summary>A number that no campaign has or will have had.</summary>
    public static async Task<int> DrawNumberAsync(NpgsqlDataSource source, CancellationToken cancellationToken)
    {
        NpgsqlCommand command = source.CreateCommand("SELECT nextval('campaign_number')::int");
        await using (command.ConfigureAwait(false))
        {
            return (int)(await command.ExecuteScalarAsync(cancellationToken).ConfigureAwait(false))!;
        }
    }

    /// <summary>False when there is none of that number.</summary>
    public static async Task<bool> SaveAsync(NpgsqlDataSource source, CampaignState campaign, CancellationToken cancellationToken)
    {
        NpgsqlCommand command = source.CreateCommand("UPDATE campaign SET lines_done = $2, outcomes = $3, ended_at = $4 WHERE number = $1");
        await using (command.ConfigureAwait(false))
        {
            command.Parameters.AddRange(
                new[] { Of(campaign.Id.Number), Of(campaign.LinesDone), Of(campaign.Outcomes.ToArray()), Of(HeadTime.ToNumber(campaign.EndedAt)) });
            return await command.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false) == 1;
        }
    }

    /// <summary>Campaigns older than <paramref name="before"/>, newest first.</summary>
    public static async Task<List<CampaignState>> PageAsync(NpgsqlDataSource source, long before, int rowsMax, CancellationToken cancellationToken)
    {
        List<CampaignState> campaigns = [];
        NpgsqlCommand command = source.CreateCommand(
            "SELECT number, key, started_at, lines_done, outcomes, ended_at FROM campaign WHERE number < $1 ORDER BY number DESC LIMIT $2");
        await using (command.ConfigureAwait(false))
        {
            command.Parameters.Add(Of(before));
            command.Parameters.Add(Of(rowsMax));
            NpgsqlDataReader row = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
            await using (row.ConfigureAwait(false))
            {
                while (await row.ReadAsync(cancellationToken).ConfigureAwait(false))
                {
                    campaigns.Add(new CampaignState
                    {
                        Id = new CampaignId(row.GetInt32(0)),
                        Key = row.GetString(1),
                        StartedAt = HeadTime.FromNumber(row.GetInt64(2)),
                        LinesDone = row.GetInt64(3),
                        Outcomes = row.GetFieldValue<long[]>(4),
                        EndedAt = row.IsDBNull(5) ? null : HeadTime.FromNumber(row.GetInt64(5)),
                    });
                }
            }
        }

        return campaigns;
    }
}
