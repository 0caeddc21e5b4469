using System.CommandLine;
using Actors.Git.Remotes;
using Actors.Store.Heads;
using Actors.Sync.Campaigns;
using Actors.Sync.ForgeHosts;
using Actors.Web.Clients;

namespace Actors.Client.Commands;

/// <summary><c>actors explain</c>: why a repository is not done.</summary>
internal static class ExplainCommand
{
    public static Command Create(Terminal terminal, TimeProvider clock)
    {
        Argument<RepositoryUrl> url = Arguments.Url();
        PlaceOptions place = new();
        Command command = new("explain", "Say why a repository is not done, in sentences: its host's patience, campaigns that have it, its last visit.") { url };
        place.AddTo(command);
        command.SetAction(async (parsed, cancellation) =>
        {
            RepositoryUrl repository = parsed.GetRequiredValue(url);
            IReadOnlyList<string> sentences = place.ClusterOf(parsed) is { } cluster
                ? await AskClusterAsync(cluster, repository, clock, cancellation)
                : await AskStoreAsync(place.StoreOf(parsed), repository, clock, cancellation);
            foreach (string sentence in sentences)
            {
                await terminal.Lines.WriteLineAsync(sentence);
            }

            await terminal.Lines.FlushAsync(cancellation);
            return ExitCode.AllWell;
        });
        return command;
    }

    private static async Task<IReadOnlyList<string>> AskClusterAsync(ApiClientOptions cluster, RepositoryUrl url, TimeProvider clock, CancellationToken cancellationToken)
    {
        using ApiClient api = new(cluster, clock);
        await api.GreetAsync(cancellationToken);
        return await api.ExplainAsync(url, cancellationToken);
    }

    private static async Task<IReadOnlyList<string>> AskStoreAsync(string path, RepositoryUrl url, TimeProvider clock, CancellationToken cancellationToken)
    {
        await using ReadingStore store = await ReadingStore.OpenAsync(path, clock, cancellationToken);
        RepositoryState? state = (await store.Heads.FindAsync([url], cancellationToken))[0];
        Visit? last = null;
        await foreach (Visit visit in store.Heads.ListVisitsAsync(url, cancellationToken))
        {
            last = visit;
            break;
        }

        DateTimeOffset now = clock.GetUtcNow();
        ForgeHost host = (state?.Evidence.Address ?? url).Host;
        HostView? view = null;
        await foreach (ForgeHostState kept in store.Heads.ListForgeHostsAsync(cancellationToken))
        {
            view = kept.Host == host && kept.SilentUntil > now ? new HostView { Host = host, SilentUntil = kept.SilentUntil } : view;
        }

        return RepositoryExplanation.Explain(url, state, last?.Error, null, view, null, null, now);
    }
}
