using System.Text.Json;
using Actors.Client.Listings;
using Actors.Loaders.Downloads;
using Actors.Loaders.Listings;
using Actors.Loaders.Packages;
using Actors.Store.Heads;
using Actors.Store.Listings;
using Actors.Store.Schedules;
using Actors.Sync.ForgeHosts;
using Actors.Sync.Schedules;

namespace Actors.Client.Commands;

/// <summary>One run of <c>actors list</c>.</summary>
internal sealed partial class ListRun(Terminal terminal, TimeProvider clock)
{
    public required IReadOnlyList<string> Sources { get; init; }

    public required string StorePath { get; init; }

    public bool IsJson { get; init; }

    public bool Schedule { get; init; }

    public bool Sync { get; init; }

    public bool Resume { get; init; }

    public string? Containing { get; init; }

    public DateTimeOffset? Since { get; init; }

    public DateTimeOffset? Until { get; init; }

    public bool OnlyNew { get; init; }

    /// <summary>Stop after this time; zero: at the end.</summary>
    public TimeSpan Time { get; init; }

    public string? PackagesOf { get; init; }

    public string? ErrorsPath { get; init; }

    public string? HashesPath { get; init; }

    public string? ReportPath { get; init; }

    public required ListingOptions Options { get; init; }

    public int Jobs { get; init; }

    public int PerHost { get; init; }

    public string? HostsPath { get; init; }

    public bool Quiet { get; init; }

    /// <summary>Lists, and tells how it went.</summary>
    /// <returns>The exit code.</returns>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        Check();
        HostRuleBook rules = HostsFile.Read(HostsPath);
        using CancellationTokenSource late = Time > TimeSpan.Zero ? new(Time, clock) : new();
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellationToken);
        FileHosts hosts = new(rules, new HostLimits(PerHost, double.PositiveInfinity), clock, new Random((int)clock.GetUtcNow().Ticks));
        using ListingClient client = new(WireClient.Options(clock), hosts);
        using RegistryClient registries = new(new RegistryClientOptions { Clock = clock, FileHosts = hosts });
        ListingScreen screen = new(terminal, clock, Quiet);
        client.Waiting = screen.Wait;
        List<IListing> listings = Open(new ListingCatalog(client, registries, Options with { Archive = Archives().Find }, clock));
        try
        {
            return Sync ? await SyncAsync(listings, client, rules, stop.Token) : await ListAsync(listings, screen, stop.Token);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            screen.End();
            screen.Say(cancellationToken.IsCancellationRequested ? "interrupted: the same command with --resume goes on from here" : "time is up: the same command with --resume goes on from here");
            return cancellationToken.IsCancellationRequested ? ExitCode.Interrupted : ExitCode.AllWell;
        }
    }

    private void Check()
    {
        if (Schedule && Sync)
        {
            throw new UserErrorException("--schedule and --sync are two ways: give one");
        }

        if (!Sync && (HashesPath ?? ReportPath) is not null)
        {
            throw new UserErrorException("--hashes and --report tell of syncs: give --sync, too");
        }
    }

    private List<IListing> Open(ListingCatalog catalog)
    {
        try
        {
            List<IListing> listings = [];
            ListingSource? packages = PackagesOf is null ? null : ListingSource.Parse(PackagesOf);
            for (int place = 0; place < Sources.Count; place++)
            {
                ListingSource source = ListingSource.Parse(Sources[place]);
                bool asks = source.Scheme == "sql" && place + 1 < Sources.Count;
                listings.Add(catalog.Open(source, asks ? Sources[++place] : null, packages));
            }

            return listings;
        }
        catch (FormatException e)
        {
            throw new UserErrorException(e.Message, e);
        }
    }

    private async Task<int> ListAsync(IReadOnlyList<IListing> listings, ListingScreen screen, CancellationToken cancellationToken)
    {
        StorePlace place = StorePlace.Of(StorePath);
        await using IListingStore store = await StoreFolder.OpenListingsAsync(place, clock, cancellationToken);
        await using IHeadStore? heads = Schedule || OnlyNew ? await StoreFolder.OpenHeadsAsync(place, clock, cancellationToken) : null;
        using ListErrors? errors = ListErrors.Open(ErrorsPath, append: Resume);
        Watch? watch = Schedule ? new Watch((IScheduleStore)heads!, heads!, clock, new WatchOptions()) : null;
        bool failed = false;
        foreach (ListedSource source in listings.Select(listing => Source(listing, store, OnlyNew ? heads : null, resumed => screen.Begin(listing.Source, resumed), errors)))
        {
            failed |= !await ListAsync(source, store, watch, screen, cancellationToken);
        }

        screen.End();
        return failed ? ExitCode.SomeFailed : ExitCode.AllWell;
    }

    /// <returns>Whether it came to its end.</returns>
    private async Task<bool> ListAsync(ListedSource source, IListingStore store, Watch? watch, ListingScreen screen, CancellationToken cancellationToken)
    {
        long changed = 0;
        try
        {
            await foreach ((IReadOnlyList<ListedRepository> repositories, ListingState state) in source.ReadAsync(Resume, cancellationToken))
            {
                if (watch is not null)
                {
                    changed += await watch.ListAsync(repositories, cancellationToken);
                }
                else
                {
                    Print(repositories);
                    await terminal.Lines.FlushAsync(cancellationToken);
                }

                // Whoever reads has the lines: only now they are behind us.
                await store.SaveListingAsync(state, cancellationToken);
                screen.Progress(source.Listed);
            }
        }
        catch (ListingException e)
        {
            screen.Say($"{source.Name}: {e.Message}; {Summary(source)}; the same command with --resume goes on from here");
            return false;
        }

        if (!Quiet)
        {
            screen.Say($"{source.Name}: {Summary(source)}{(watch is null ? "" : $", {Quantities.Count(changed)} changed since their last visit")}");
        }

        return true;
    }

    private ListedSource Source(IListing listing, IListingStore store, IHeadStore? notIn, Action<bool> begun, ListErrors? errors) =>
        new(listing, store, new ListFilter { Containing = Containing, Since = Since, Until = Until, NotIn = notIn }, clock)
        {
            Begun = begun,
            Refused = entry => errors?.Write(entry.Name, "not-listed", entry.Reason),
        };

    private static string Summary(ListedSource source) => $"{Quantities.Count(source.Listed)} repositories listed"
        + (source.Rejected > 0 ? $", {Quantities.Count(source.Rejected)} entries without a repository (--errors FILE tells which)" : "");

    private void Print(IReadOnlyList<ListedRepository> repositories)
    {
        foreach (ListedRepository one in repositories)
        {
            terminal.Lines.WriteLine(IsJson ? Json(one) : one.Url.ToString());
        }
    }

    private static string Json(ListedRepository one)
    {
        using MemoryStream line = new();
        using (Utf8JsonWriter json = new(line, Actors.Sync.Repositories.SyncReportJson.WriterOptions))
        {
            json.WriteStartObject();
            json.WriteString("url", one.Url.ToString());
            if (one.Parent is { } parent)
            {
                json.WriteString("parent", parent.ToString());
            }

            if (one.SizeBytes is { } size)
            {
                json.WriteNumber("sizeBytes", size);
            }

            if (one.UpdatedAt is { } updated)
            {
                json.WriteString("updatedAt", Quantities.Time(updated));
            }

            json.WriteEndObject();
        }

        return System.Text.Encoding.UTF8.GetString(line.ToArray());
    }

    /// <summary>Where apt's sources say that a suite is; a mirror that has another suite has this one too.</summary>
    private static DebianArchives Archives() => new(new Ecosystems(
        Environment.GetEnvironmentVariable, Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), "/etc", Environment.CurrentDirectory));
}
