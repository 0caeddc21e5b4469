using Actors.Sync.Campaigns;
using Actors.TestKit.Clocks;

namespace Actors.Sync.Tests.Simulation;

/// <summary>A process of a simulated cluster. Once it is killed nothing of it happens any more: its timers do not fire, its calls are not answered.</summary>
internal sealed class SimulatedSilo(string name, ManualTimeProvider clock) : IDisposable
{
    public string Name => name;

    public bool IsDead => DiedAt is not null;

    public DateTimeOffset? DiedAt { get; private set; }

    public SiloClock Clock => field ??= new SiloClock(this, clock);

    /// <summary>Cancelled when it is killed: its connections break.</summary>
    public CancellationTokenSource Killed { get; } = new();

    public CancellationTokenSource Draining { get; } = new();

    public Task? Work { get; set; }

    public HashSet<ChunkRun> Runs { get; } = [];

    public HashSet<SimulatedPermit> Permits { get; } = [];

    public void Kill()
    {
        DiedAt = clock.GetUtcNow();
        Killed.Cancel();
        foreach (SimulatedPermit permit in Permits.ToList())
        {
            permit.End(null);
        }
    }

    /// <summary>For a living silo at once; for a dead one never.</summary>
    public Task AnswerAsync() => IsDead ? new TaskCompletionSource().Task : Task.CompletedTask;

    public void Dispose()
    {
        Killed.Dispose();
        Draining.Dispose();
    }
}
