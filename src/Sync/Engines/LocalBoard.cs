using System.Globalization;
using Actors.Git.Remotes;
using Actors.Store.Heads;
using Actors.Sync.Campaigns;
using Microsoft.Extensions.Logging;

namespace Actors.Sync.Engines;

/// <summary>
/// The board over one process's engine. Each campaign has a folder: its list, its order (<see cref="CampaignFile"/>), its report
/// and its position; what is in the folder survives the process, and a board that is opened again goes on. A few campaigns are
/// worked at once, by priority; they share the hosts' patience. It does not own engine and head store.
/// </summary>
public sealed partial class LocalBoard : ICampaignBoard
{
    private readonly Lock _gate = new();
    private readonly LocalEngine _engine;
    private readonly IHeadStore _heads;
    private readonly TimeProvider _clock;
    private readonly ILogger _log;
    private readonly LocalBoardOptions _options;
    private readonly CampaignRoom _room;
    private readonly Troubles _troubles;
    private readonly CancellationTokenSource _closing = new();
    private readonly SortedDictionary<long, BoardCampaign> _campaigns = [];
    private readonly List<Task> _runs = [];
    private readonly ITimer _timer;
    private readonly DateTimeOffset _startedAt;
    private bool _closed;
    private long _done;

    private LocalBoard(LocalEngine engine, IHeadStore heads, TimeProvider clock, ILogger log, LocalBoardOptions options)
    {
        (_engine, _heads, _clock, _log, _options) = (engine, heads, clock, log, options);
        _room = engine.MakeRoom(options.HostRules, options.HostLimits);
        (_troubles, _figures) = (new Troubles(clock), new ProcessFigures(clock));
        _startedAt = clock.GetUtcNow();
        _timer = clock.CreateTimer(static board => ((LocalBoard)board!).Reconsider(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Opens a board and goes on with what its campaigns left.</summary>
    /// <param name="engine">Runs the campaigns; used by nobody else.</param>
    /// <param name="heads">The engine's head store.</param>
    /// <param name="clock">The engine's clock.</param>
    /// <param name="logs">One line per change of state.</param>
    /// <param name="options">Its surroundings.</param>
    /// <param name="cancellationToken">Ends the opening.</param>
    /// <exception cref="FormatException">A file of a campaign is not right.</exception>
    public static async Task<LocalBoard> OpenAsync(
        LocalEngine engine, IHeadStore heads, TimeProvider clock, ILoggerFactory logs, LocalBoardOptions options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        Directory.CreateDirectory(options.Folder);
        LocalBoard board = new(engine, heads, clock, logs.CreateLogger<LocalBoard>(), options);
        try
        {
            await board._room.LoadAsync(cancellationToken).ConfigureAwait(false);
            board.LoadBrakes();
            await board.LoadCampaignsAsync(cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            await board.DisposeAsync().ConfigureAwait(false);
            throw;
        }

        board.Reconsider();
        return board;
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<CampaignView> ListAsync([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.CompletedTask.ConfigureAwait(false);
        List<CampaignView> views;
        lock (_gate)
        {
            views = [.. _campaigns.Values.Reverse().Select(campaign => campaign.View())];
        }

        foreach (CampaignView view in views)
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return view;
        }
    }

    /// <inheritdoc/>
    public Task<CampaignView?> FindAsync(CampaignId id, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            return Task.FromResult(_campaigns.GetValueOrDefault(id.Number)?.View());
        }
    }

    /// <summary>Takes up nothing more, gives what runs the engine's grace, keeps all positions.</summary>
    public async ValueTask DisposeAsync()
    {
        Task[] runs;
        lock (_gate)
        {
            if (_closed)
            {
                return;
            }

            _closed = true;
            runs = [.. _runs];
        }

        await _closing.CancelAsync().ConfigureAwait(false);
        await Task.WhenAll(runs).ConfigureAwait(false);
        await _timer.DisposeAsync().ConfigureAwait(false);
        await _room.SaveHostsAsync().ConfigureAwait(false);
        _room.Dispose();
        _closing.Dispose();
    }

    /// <summary>What the folders hold: unfinished submissions are removed, unfinished campaigns are made to agree with the head store.</summary>
    private async Task LoadCampaignsAsync(CancellationToken cancellationToken)
    {
        Dictionary<long, CampaignState> states = [];
        await foreach (CampaignState state in _heads.ListCampaignsAsync(cancellationToken).ConfigureAwait(false))
        {
            states[state.Id.Number] = state;
        }

        foreach (string folder in Directory.EnumerateDirectories(_options.Folder))
        {
            if (!long.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out long number))
            {
                continue;
            }

            CampaignState? state = states.GetValueOrDefault(number);
            if (CampaignFile.Read(folder) is not { } file)
            {
                await ForgetAsync(folder, state).ConfigureAwait(false);
            }
            else if (state is null)
            {
                LogUnknown(_log, number);
            }
            else
            {
                _campaigns.Add(number, await LoadAsync(folder, file, state, cancellationToken).ConfigureAwait(false));
            }
        }
    }

    private async Task<BoardCampaign> LoadAsync(string folder, CampaignFile file, CampaignState state, CancellationToken cancellationToken)
    {
        BoardCampaign campaign = new(state.Id, file.Order, folder)
        {
            Phase = file.Phase,
            SubmittedAt = file.SubmittedAt,
            EndedAt = file.EndedAt,
            Lines = file.Lines,
        };
        campaign.Progress = file.Progress ?? campaign.Progress;
        campaign.ElapsedBefore = campaign.Progress.Elapsed;
        if (campaign.Phase != CampaignPhase.Done)
        {
            // A crash may have come after the last count that was kept; the report knows.
            using CampaignJournal journal = await CampaignJournal.OpenAsync(folder, state, _heads, _options.AtStep, cancellationToken).ConfigureAwait(false);
            CampaignCounts counts = new(journal.Totals, journal.Position);
            campaign.ReportLast = journal.ReportLast;
            campaign.Progress = campaign.Progress with
            {
                Outcomes = counts.CopyOutcomes(),
                Repositories = counts.Repositories,
                Duplicates = counts.Duplicates,
                Rejected = counts.Rejected,
                Skipped = counts.Skipped,
                Objects = counts.Objects,
                BytesReceived = counts.BytesReceived,
                BytesSaved = counts.BytesSaved,
                Requests = counts.Requests,
            };
        }

        return campaign;
    }

    /// <summary>Nothing is left of a submission that did not come to its end.</summary>
    private async Task ForgetAsync(string folder, CampaignState? state)
    {
        if (state is { EndedAt: null })
        {
            await _heads.SaveCampaignAsync(state with { EndedAt = _clock.GetUtcNow() }, CancellationToken.None).ConfigureAwait(false);
        }

        Directory.Delete(folder, recursive: true);
    }

    private Task StepAsync(string step) => _options.AtStep?.Invoke(step) ?? Task.CompletedTask;
}
