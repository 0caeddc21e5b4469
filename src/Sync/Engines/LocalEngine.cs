using System.Net;
using Actors.Git.Refs;
using Actors.Git.Remotes;
using Actors.Store.Heads;
using Actors.Store.Objects;
using Actors.Sync.Campaigns;
using Actors.Sync.ForgeHosts;
using Actors.Sync.Repositories;
using Microsoft.Extensions.Logging;

namespace Actors.Sync.Engines;

/// <summary>
/// The engine in one process, over a store and a git client: no server, no Orleans. Runs one campaign at a time. It does not
/// own what it is given: whoever made client and stores disposes of them, after the engine.
/// </summary>
public sealed partial class LocalEngine : IEngine
{
    private readonly Func<SyncOptions, SyncStep> _syncs;
    private readonly CompactionStep? _compact;
    private readonly CanaryStep? _canary;
    private readonly ServerProfiles _profiles;
    private readonly IHeadStore _heads;
    private readonly TimeProvider _clock;
    private readonly Random _random;
    private readonly ILogger _log;
    private readonly LocalEngineOptions _options;
    private readonly Func<CancellationToken, Task<int>>? _reconsiderAside;
    private int _running;

    /// <param name="client">The wire; learns hosts' servers, which the engine keeps in the head store.</param>
    /// <param name="objects">Where objects go.</param>
    /// <param name="heads">Where visits go, and the position.</param>
    /// <param name="clock">For deadlines, patience, visits.</param>
    /// <param name="random">For jitter; used under a lock.</param>
    /// <param name="logs">One line per change of state.</param>
    /// <param name="options">Its surroundings.</param>
    /// <param name="around">What is done with each visit, under its permit: given the visit, does it and more; null: only the visit.</param>
    public LocalEngine(
        IGitClient client, IObjectStore objects, IHeadStore heads, TimeProvider clock, Random random, ILoggerFactory logs, LocalEngineOptions options,
        Func<SyncStep, SyncStep>? around = null)
        : this(
            Syncs(client, objects, heads, clock, logs, around), Compaction(objects), client.Profiles, heads, clock,
            random, logs, options, async (url, cancellationToken) => (await client.ProbeAsync(url, RefSelection.Default, cancellationToken).ConfigureAwait(false)).Failure) =>
        _reconsiderAside = objects.ReconsiderAsideAsync;

    /// <summary>An engine whose visits are something else than syncs of git repositories: packages, which share everything else.</summary>
    /// <param name="visit">One visit.</param>
    /// <param name="objects">Where objects go; compacted between visits.</param>
    /// <param name="heads">Where visits go, and the position.</param>
    /// <param name="clock">For deadlines, patience, visits.</param>
    /// <param name="random">For jitter; used under a lock.</param>
    /// <param name="logs">One line per change of state.</param>
    /// <param name="options">Its surroundings.</param>
    public LocalEngine(
        SyncStep visit, IObjectStore objects, IHeadStore heads, TimeProvider clock, Random random, ILoggerFactory logs, LocalEngineOptions options)
        : this(_ => visit, Compaction(objects), new ServerProfiles(), heads, clock, random, logs, options)
    {
    }

    internal LocalEngine(
        Func<SyncOptions, SyncStep> syncs, CompactionStep? compact, ServerProfiles profiles, IHeadStore heads, TimeProvider clock, Random random,
        ILoggerFactory logs, LocalEngineOptions options, CanaryStep? canary = null)
    {
        (_compact, _canary) = (compact, canary);
        (_syncs, _profiles, _heads, _clock, _random, _options) = (syncs, profiles, heads, clock, random, options);
        _log = logs.CreateLogger<LocalEngine>();
    }

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">Another campaign is running.</exception>
    public async Task<CampaignState> RunAsync(CampaignRequest request, ICampaignObserver observer, CancellationToken cancellationToken)
    {
        if (Interlocked.Exchange(ref _running, 1) == 1)
        {
            throw new InvalidOperationException("This engine is running a campaign already: two would not know of each other's requests to a forge.");
        }

        try
        {
            CampaignState? unfinished = request.Resume ? await FindUnfinishedAsync(request.Key, cancellationToken).ConfigureAwait(false) : null;
            CampaignState campaign = unfinished ?? await _heads.BeginCampaignAsync(
                new CampaignState { Key = request.Key, StartedAt = _clock.GetUtcNow() }, cancellationToken).ConfigureAwait(false);
            using CampaignRoom room = MakeRoom(request.HostRules, request.HostLimits);
            await room.LoadAsync(cancellationToken).ConfigureAwait(false);
            using CampaignRun run = MakeRun(request, campaign, room, null, observer);
            CampaignState end = await run.RunAsync(resumed: unfinished is not null, cancellationToken).ConfigureAwait(false);
            await ReconsiderAsideAsync(cancellationToken).ConfigureAwait(false);
            return end;
        }
        finally
        {
            Volatile.Write(ref _running, 0);
        }
    }

    /// <summary>Loops go on on the thread that wakes them.</summary>
    internal bool IsInline => _options.Inline;

    /// <summary>What campaigns that run at once share.</summary>
    internal CampaignRoom MakeRoom(HostRuleBook rules, HostLimits limits)
    {
        HostBook hosts = new(
            host => rules.Find(host, limits), _random,
            host => _profiles.FindAddress(host) is { } address && !IPAddress.IsLoopback(address) ? address.ToString() : null, _canary is not null);
        return new CampaignRoom(hosts, _heads, _profiles, _clock, _log, _options.Inline);
    }

    /// <summary>A run of a campaign, not begun.</summary>
    internal CampaignRun MakeRun(CampaignRequest request, CampaignState campaign, CampaignRoom room, CampaignJournal? journal, ICampaignObserver observer) =>
        new(request, campaign, room, journal, observer, new CampaignSteps(_syncs(request.Sync), _compact, _canary), _options);

    /// <summary>After a campaign.</summary>
    internal async Task ReconsiderAsideAsync(CancellationToken cancellationToken)
    {
        if (_reconsiderAside is not null && await _reconsiderAside(cancellationToken).ConfigureAwait(false) is > 0 and var packs)
        {
            // What a shallow remote lacked has come from elsewhere; its next visit finds every tip stored.
            LogReturned(packs);
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private static CompactionStep? Compaction(IObjectStore objects) => objects switch
    {
        LocalObjectStore local => local.CompactIfDueAsync,
        SharedObjectStore shared => shared.CompactIfDueAsync,
        _ => null,
    };

    private static Func<SyncOptions, SyncStep> Syncs(
        IGitClient client, IObjectStore objects, IHeadStore heads, TimeProvider clock, ILoggerFactory logs, Func<SyncStep, SyncStep>? around)
    {
        RepositorySync sync = new(client, objects, heads, clock, logs.CreateLogger<RepositorySync>());
        return options =>
        {
            SyncStep visit = (url, known, cancellationToken) => sync.RunAsync(url, known, options, cancellationToken);
            return around is null ? visit : around(visit);
        };
    }

    /// <summary>The newest campaign of the list, if it has not ended: an older one is overtaken.</summary>
    private async Task<CampaignState?> FindUnfinishedAsync(string key, CancellationToken cancellationToken)
    {
        await foreach (CampaignState campaign in _heads.ListCampaignsAsync(cancellationToken).ConfigureAwait(false))
        {
            if (campaign.Key == key)
            {
                return campaign.EndedAt is null ? campaign : null;
            }
        }

        return null;
    }
}
