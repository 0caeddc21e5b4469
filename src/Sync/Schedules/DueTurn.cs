using System.Collections.Concurrent;
using Actors.Git.Remotes;
using Actors.Store.Campaigns;

namespace Actors.Sync.Schedules;

/// <summary>Due repositories that are worked together: a chunk of no campaign. The schedule keeps how far it is; silences are remembered until its end.</summary>
internal sealed class DueTurn : IChunkBook, IDisposable
{
    private readonly IReadOnlyList<RepositoryUrl> _lines;
    private readonly ConcurrentDictionary<RepositoryUrl, bool> _left = [];
    private readonly ConcurrentDictionary<ForgeHost, DateTimeOffset> _silent = [];
    private readonly CancellationTokenSource _time;
    private readonly CancellationTokenSource _ends;

    public DueTurn(IReadOnlyList<RepositoryUrl> lines, TimeProvider clock, CancellationToken stop)
    {
        (_lines, _time) = (lines, new CancellationTokenSource(Limits.TurnTime, clock));
        _ends = CancellationTokenSource.CreateLinkedTokenSource(_time.Token, stop);
        foreach (RepositoryUrl url in lines)
        {
            _left[url] = true;
        }
    }

    /// <summary>Nothing more is to be begun: its time is over, or all stops.</summary>
    public CancellationToken Ends => _ends.Token;

    public IReadOnlyList<ForgeHost> Hosts => [.. _lines.Select(url => url.Host).Distinct()];

    /// <summary>What has not ended.</summary>
    public ICollection<RepositoryUrl> Left => _left.Keys;

    public ClaimedChunk ToChunk(int number) => new()
    {
        Hold = new ChunkHold(default, number, 1),
        Host = Hosts is [ForgeHost only] ? only : null,
        Lines = [.. _lines.Select((url, place) => new ChunkLine(place + 1, url))],
        Done = new byte[(_lines.Count + 7) / 8],
    };

    public void End(RepositoryUrl url) => _left.TryRemove(url, out _);

    /// <summary>Until when a host is not to be asked, or null.</summary>
    public DateTimeOffset? SilentUntil(ForgeHost host) => _silent.TryGetValue(host, out DateTimeOffset until) ? until : null;

    public Task<HoldState> CheckpointAsync(ChunkCheckpoint checkpoint, CancellationToken cancellationToken) => Task.FromResult(HoldState.Held);

    public Task SilenceAsync(IReadOnlyList<(ForgeHost Host, DateTimeOffset? Until)> hosts, CancellationToken cancellationToken)
    {
        foreach ((ForgeHost host, DateTimeOffset? until) in hosts)
        {
            _silent[host] = until ?? DateTimeOffset.MinValue;
        }

        return Task.CompletedTask;
    }

    public void Dispose()
    {
        _ends.Dispose();
        _time.Dispose();
    }
}
