using Actors.Git.Remotes;
using Npgsql;
using static Actors.Store.Heads.Postgres.HeadValues;

namespace Actors.Store.Heads.Postgres;

/// <summary>What is remembered of forge hosts.</summary>
internal static class ForgeHostRows
{
    public static async Task<List<ForgeHostState>> ListAsync(NpgsqlDataSource source, CancellationToken cancellationToken)
    {
        List<ForgeHostState> hosts = [];
        NpgsqlCommand command = source.CreateCommand("SELECT host, profile, silent_until, throttling FROM forge_host ORDER BY host");
        await using (command.ConfigureAwait(false))
        {
            NpgsqlDataReader row = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
            await using (row.ConfigureAwait(false))
            {
                while (await row.ReadAsync(cancellationToken).ConfigureAwait(false))
                {
                    hosts.Add(new ForgeHostState(
                        ForgeHost.Parse(row.GetString(0)),
                        row.IsDBNull(1) ? null : row.GetString(1),
                        row.IsDBNull(2) ? null : HeadTime.FromNumber(row.GetInt64(2)),
                        row.IsDBNull(3) ? null : row.GetString(3)));
                }
            }
        }

        return hosts;
    }

    public static async Task SaveAsync(NpgsqlDataSource source, ForgeHostState state, CancellationToken cancellationToken)
    {
        NpgsqlCommand command = source.CreateCommand(
            """
            INSERT INTO forge_host (host, profile, silent_until, throttling) VALUES ($1, $2, $3, $4)
            ON CONFLICT (host) DO UPDATE SET profile = excluded.profile, silent_until = excluded.silent_until, throttling = excluded.throttling
            """);
        await using (command.ConfigureAwait(false))
        {
            command.Parameters.AddRange(new[] { Of(state.Host.ToString()), Of(Text(state.Profile)), Of(HeadTime.ToNumber(state.SilentUntil)), Of(Text(state.Throttling)) });
            _ = await command.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>In order of their names, so that processes that learn the same at once do not wait for each other in a circle; what is known already is not written again.</summary>
    public static async Task SaveProfilesAsync(NpgsqlDataSource source, IReadOnlyList<(ForgeHost Host, string Profile)> profiles, CancellationToken cancellationToken)
    {
        Dictionary<string, string?> last = [];
        foreach ((ForgeHost host, string profile) in profiles)
        {
            last[host.ToString()] = Text(profile);
        }

        NpgsqlCommand command = source.CreateCommand(
            """
            INSERT INTO forge_host (host, profile) SELECT host, profile FROM unnest($1, $2) AS learnt (host, profile) ORDER BY host
            ON CONFLICT (host) DO UPDATE SET profile = excluded.profile WHERE forge_host.profile IS DISTINCT FROM excluded.profile
            """);
        await using (command.ConfigureAwait(false))
        {
            command.Parameters.AddRange(new[] { Of(last.Keys.ToArray()), Of(last.Values.ToArray()) });
            _ = await command.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
        }
    }
}
