using Actors.TestKit.Clocks;

namespace Actors.Sync.Tests.Simulation;

/// <summary>The simulation's clock as a process has it: after its death no timer fires.</summary>
internal sealed class SiloClock(SimulatedSilo silo, ManualTimeProvider clock) : TimeProvider
{
    public override long TimestampFrequency => clock.TimestampFrequency;

    public override DateTimeOffset GetUtcNow() => clock.GetUtcNow();

    public override long GetTimestamp() => clock.GetTimestamp();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => clock.CreateTimer(
        value =>
        {
            if (!silo.IsDead)
            {
                callback(value);
            }
        },
        state, dueTime, period);
}
