using Npgsql;

namespace Actors.Store.Heads.Postgres;

/// <summary>Repositories by the outcome of their last visit.</summary>
internal static class OutcomeRows
{
    private static readonly int Length = OutcomeNames.All.Max(o => (int)o) + 1;

    public static async Task<long[]> ReadAsync(NpgsqlDataSource source, CancellationToken cancellationToken)
    {
        long[] counts = new long[Length];
        NpgsqlCommand command = source.CreateCommand("SELECT outcome, sum(repositories)::bigint FROM outcome_count GROUP BY outcome");
        await using (command.ConfigureAwait(false))
        {
            NpgsqlDataReader row = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
            await using (row.ConfigureAwait(false))
            {
                while (await row.ReadAsync(cancellationToken).ConfigureAwait(false))
                {
                    int outcome = row.GetInt16(0);
                    // A later version may know more outcomes.
                    if (outcome >= 0 && outcome < Length)
                    {
                        counts[outcome] = row.GetInt64(1);
                    }
                }
            }
        }

        return counts;
    }
}
