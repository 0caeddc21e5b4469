using System.Collections.Concurrent;
using Actors.Grains.ForgeHosts;
using Actors.Grains.Registry;
using Actors.Git.Remotes;
using Actors.Store.Heads;
using Actors.Sync.Engines;
using Actors.Sync.ForgeHosts;
using Actors.Sync.Repositories;
using Microsoft.Extensions.Logging;
using Orleans.Runtime;

namespace Actors.Grains.Repositories;

/// <summary>
/// Visits of a silo: the repository's state is read, the remote is visited with a permit of this silo, the visit is recorded. What
/// visits of one silo read and record at the same time shares round trips and commits.
/// </summary>
internal sealed partial class VisitDesk(
    IHeadStore heads, VisitSteps steps, SiloGates gates, PermitBook permits, RepositoryDirectory directory, ILocalSiloDetails silo, TimeProvider clock, ILogger<VisitDesk> log)
{
    private readonly string _silo = silo.SiloAddress.ToParsableString();
    private readonly SyncStepCache _steps = new(steps);
    private long _done;
    private readonly ConcurrentDictionary<RepositoryUrl, DateTimeOffset> _visits = new();

    /// <summary>Visits ended since the silo began.</summary>
    public long Done => Volatile.Read(ref _done);

    /// <summary>Visits running.</summary>
    public int Running => _visits.Count;

    /// <summary>Since when a repository is visited here, or null: it is not.</summary>
    public DateTimeOffset? VisitedSince(RepositoryUrl url) => _visits.TryGetValue(url, out DateTimeOffset since) ? since : null;

    /// <summary>Whether an order's permit is one of this silo, or it has none yet.</summary>
    public bool IsHere(VisitOrder order) => order.Silo is null || order.Silo == _silo;

    /// <summary>An order whose permit is of this silo.</summary>
    public VisitOrder WithPermit(VisitOrder order, long permit) => order with { Silo = _silo, Permit = permit };

    /// <summary>One visit, from the repository's state to its record. Throws nothing: our own failures are cut-off visits, logged.</summary>
    public async Task<VisitAnswer> VisitAsync(RepositoryUrl url, VisitOrder order, CancellationToken cancellationToken)
    {
        HeldPermit? permit = null;
        _visits[url] = clock.GetUtcNow();
        try
        {
            VisitPass? pass = TakePass(order);
            permit = pass?.Permit;
            if (order.Silo is not null && pass is null)
            {
                return new VisitAnswer { State = VisitState.CutOff };
            }

            RepositoryState? known = pass is { } own && directory.IsUntouched(url) ? own.Known : (await heads.FindAsync([url], cancellationToken))[0];
            directory.Touch(url);
            if (order.Campaign != 0 && known?.Campaign.Number == order.Campaign)
            {
                // Its visit was recorded, but the silo that visited it died before it could say so.
                return new VisitAnswer { State = VisitState.Ended, Report = ReportOf(known) };
            }

            permit ??= (HeldPermit?)(await gates.Find((known?.Evidence.Address ?? url).Host).EnterAsync(cancellationToken)).Permit;
            if (permit is { } first)
            {
                permit = null;
                permit = await first.RenewAsync(cancellationToken);
            }

            if (permit is null)
            {
                return new VisitAnswer { State = VisitState.CutOff };
            }

            using CancellationTokenSource ends = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, permit.Lapsed);
            SyncResult result = await _steps.Find(order)(url, known, ends.Token);
            HostEvidence evidence = HostEvidence.Of(result, known);
            permit.End(evidence);
            permit = null;
            return await EndAsync(order, result, evidence);
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            if (failure is not OperationCanceledException)
            {
                LogFailed(log, failure, url.ToString());
            }

            return new VisitAnswer { State = VisitState.CutOff };
        }
        finally
        {
            permit?.End(null);
            _visits.TryRemove(url, out _);
        }
    }

    /// <summary>What this silo's worker left for the visit, or null: it has no worker here, or the worker has taken it back.</summary>
    private VisitPass? TakePass(VisitOrder order) => order.Silo is not null && permits.TryTake(order.Permit, out VisitPass pass) ? pass : null;

    private async Task<VisitAnswer> EndAsync(VisitOrder order, SyncResult result, HostEvidence evidence)
    {
        if (order.ComesAgain && evidence.Kind == HostEvidenceKind.Throttled && result.Report.Outcome == Outcome.Throttled)
        {
            return new VisitAnswer { State = VisitState.PutBack, Report = result.Report, RetryAfter = evidence.RetryAfter, Begun = true };
        }

        // Not to be cancelled: what has ended is recorded.
        await heads.RecordAsync([result.Visit with { Campaign = new CampaignId(order.Campaign) }], CancellationToken.None);
        Interlocked.Increment(ref _done);
        return new VisitAnswer { State = VisitState.Ended, Report = result.Report, Begun = true };
    }

    private static SyncReport ReportOf(RepositoryState known) => new()
    {
        Url = known.Url,
        Outcome = known.Outcome,
        Snapshot = known.Snapshot,
        CloneBytes = known.CloneBytes,
        MovedTo = known.MovedTo,
        RetryAt = known.RetryAt,
    };
}
