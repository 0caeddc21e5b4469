using Actors.Client.Listings;
using Actors.Client.Reports;
using Actors.Client.Screens;
using Actors.Loaders.Listings;
using Actors.Store.Listings;
using Actors.Sync.Campaigns;
using Actors.Sync.ForgeHosts;
using Actors.Sync.Repositories;

namespace Actors.Client.Commands;

/// <content>What is listed goes straight into a campaign of this process.</content>
internal sealed partial class ListRun
{
    private async Task<int> SyncAsync(IReadOnlyList<IListing> listings, ListingClient client, HostRuleBook rules, CancellationToken cancellationToken)
    {
        await using WorkingStore store = await WorkingStore.OpenAsync(StorePath, clock, null, cancellationToken);
        await using IListingStore listed = await StoreFolder.OpenListingsAsync(StorePlace.Of(StorePath), clock, cancellationToken);
        using ReportWriter? report = ReportWriter.Open(ReportPath, terminal.Output, append: Resume);
        using ListErrors? errors = ListErrors.Open(ErrorsPath, append: Resume);
        await using StreamWriter? hashes = HashesPath is null ? null : ListErrors.Writer("--hashes", HashesPath, append: Resume);
        string? patience = null;
        client.Waiting = (host, until) => patience = until - clock.GetUtcNow() is { TotalSeconds: >= 1 } ? $"; {host} is left alone until {Quantities.Time(until)}" : "";
        ListedSource[] sources = [];
        CampaignScreen screen = new(terminal, report, clock, Quiet) { Footer = () => $"{Quantities.Count(sources.Sum(source => source.Listed))} listed{patience}" };
        sources = [.. listings.Select(listing => Source(listing, listed, OnlyNew ? store.Heads : null, resumed => Begin(screen, listing, resumed), errors))];
        ListedLines lines = new(All(sources, cancellationToken), listed, cancellationToken);
        ListedCampaign observer = new(screen, lines, errors, hashes is not null);
        Task writing = hashes is null ? Task.CompletedTask : observer.WriteHeadsAsync(hashes, store.Heads);
        try
        {
            await store.Engine.RunAsync(
                new CampaignRequest
                {
                    List = lines,
                    Key = $"list {string.Join('\n', sources.Select(source => source.Name))}",
                    Jobs = Jobs,
                    HostLimits = new HostLimits(PerHost, double.PositiveInfinity),
                    HostRules = rules,
                    IgnoreRetryTimes = true,
                    Sync = new SyncOptions { Listings = listed },
                },
                observer, cancellationToken);
        }
        finally
        {
            screen.End();
            await lines.EndAsync();
            observer.End();
            await writing;
            Tell(sources, lines, screen);
        }

        return lines.Failure is not null || screen.Last?.Failed() > 0 ? ExitCode.SomeFailed : ExitCode.AllWell;
    }

    private async IAsyncEnumerable<(IReadOnlyList<ListedRepository> Repositories, ListingState State)> All(
        ListedSource[] sources, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (ListedSource source in sources)
        {
            await foreach ((IReadOnlyList<ListedRepository> Repositories, ListingState State) page in source.ReadAsync(Resume, cancellationToken))
            {
                yield return page;
            }
        }
    }

    private void Begin(CampaignScreen screen, IListing listing, bool resumed)
    {
        if (resumed && !Quiet)
        {
            screen.Say($"{listing.Source}: goes on where the last listing was");
        }
    }

    private void Tell(ListedSource[] sources, ListedLines lines, CampaignScreen screen)
    {
        if (lines.Failure is { } failure)
        {
            screen.Say($"{failure.Message}; the same command with --resume goes on from here");
        }

        foreach (ListedSource source in sources.Where(_ => !Quiet))
        {
            screen.Say($"{source.Name}: {Summary(source)}");
        }

        if (screen.Last is { } last)
        {
            CampaignSummary.Write(terminal.Screen, last);
        }
    }
}
