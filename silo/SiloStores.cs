using Actors.Git.Remotes;
using Actors.Silo.Settings;
using Actors.Store;
using Actors.Store.Campaigns;
using Actors.Store.Heads;
using Actors.Store.Objects;

namespace Actors.Silo;

/// <summary>What a silo works with: the shared store, the campaigns, the git client. Opened before the silo joins, closed after it has left.</summary>
internal sealed class SiloStores : IAsyncDisposable
{
    /// <summary>A silo's visits wait so long for each other: many silos make the groups of each small, and the server pays for each group.</summary>
    private static readonly TimeSpan GatherTime = TimeSpan.FromMilliseconds(20);

    private SiloStores(IObjectStore objects, IHeadStore heads, ICampaignStore campaigns, GitClient client) =>
        (Objects, Heads, Campaigns, Client) = (objects, heads, campaigns, client);

    public IObjectStore Objects { get; }

    public IHeadStore Heads { get; }

    public ICampaignStore Campaigns { get; }

    public GitClient Client { get; }

    /// <exception cref="IOException">Database or blobs cannot be reached, or refuse.</exception>
    public static async Task<SiloStores> OpenAsync(SiloSettings settings, TimeProvider clock, CancellationToken cancellationToken)
    {
        SharedStoreSettings shared = settings.Store();
        Random random = new(HashCode.Combine(clock.GetUtcNow().Ticks, settings.SiloPort));
        IHeadStore heads = await shared.OpenHeadsAsync(GatherTime, clock, random, cancellationToken);
        ICampaignStore campaigns = await PostgresCampaignStore.OpenAsync(shared.Heads, clock, random, cancellationToken);
        IObjectStore objects = await shared.OpenObjectsAsync(SiloSettings.DefaultCache, clock, cancellationToken);
        GitClient client = new(new GitClientOptions { Clock = clock, AllowPrivate = settings.AllowPrivate });
        await foreach (ForgeHostState host in heads.ListForgeHostsAsync(cancellationToken))
        {
            Restore(client.Profiles, host);
        }

        return new SiloStores(objects, heads, campaigns, client);
    }

    public async ValueTask DisposeAsync()
    {
        await Client.DisposeAsync();
        await Campaigns.DisposeAsync();
        await Heads.DisposeAsync();
        await Objects.DisposeAsync();
    }

    private static void Restore(ServerProfiles profiles, ForgeHostState host)
    {
        try
        {
            if (host.Profile is { } text)
            {
                profiles.Restore(host.Host, ServerProfile.Parse(text));
            }
        }
        catch (FormatException)
        {
            // Written by another version: the server teaches us again.
        }
    }
}
