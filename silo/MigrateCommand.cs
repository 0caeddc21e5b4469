using Actors.Silo.Settings;
using Actors.Store.Campaigns;
using Actors.Store.Heads;
using Actors.Store.Postgres;

namespace Actors.Silo;

/// <summary>Brings the database up to date: heads, catalogue and campaigns (one set of scripts), and what Orleans needs. Repeating it is harmless.</summary>
internal static class MigrateCommand
{
    public static async Task RunAsync(SiloSettings settings, TextWriter output, TimeProvider clock, CancellationToken cancellationToken)
    {
        string database = settings.Store().Heads;
        Random random = new((int)clock.GetUtcNow().Ticks);
        await using (IHeadStore heads = await settings.Store().OpenHeadsAsync(clock, random, cancellationToken))
        {
            await output.WriteLineAsync("Heads, catalogue, campaigns: up to date.");
        }

        await OrleansSchema.ApplyAsync(database, clock, random, cancellationToken);
        await output.WriteLineAsync("Membership, reminders, grain state: up to date.");
    }
}
