using Actors.Store.Heads.Postgres;
using Actors.Store.Postgres;
using Npgsql;

namespace Actors.Store.Campaigns.Postgres;

/// <summary>What PostgreSQL's failures mean for a caller of the campaign store.</summary>
internal static class CampaignFailure
{
    public static bool IsOfDatabase(Exception failure) => HeadFailure.IsOfDatabase(failure);

    /// <summary>For a person; never with a password.</summary>
    public static PostgresStoreException Describe(PostgresDatabase database, Exception failure) => failure as PostgresStoreException ?? new PostgresStoreException(
        database.Name,
        failure switch
        {
            FormatException damage => $"The campaigns are damaged: {damage.Message}",
            PostgresException { SqlState: "53100" } => "No space is left for the campaigns",
            PostgresException server => $"The campaigns failed, PostgreSQL error {server.SqlState}: {server.MessageText}",
            _ => $"The server of the campaigns cannot be reached: {failure.Message}",
        },
        failure);
}
