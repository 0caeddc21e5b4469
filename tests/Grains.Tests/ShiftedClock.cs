namespace Actors.Grains.Tests;

/// <summary>The system's clock, ahead by as much as a test says; its timers are the system's.</summary>
internal sealed class ShiftedClock : TimeProvider
{
    private long _ahead;

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow().AddTicks(Volatile.Read(ref _ahead));

    public override long GetTimestamp() => base.GetTimestamp() + (Volatile.Read(ref _ahead) * (TimestampFrequency / TimeSpan.TicksPerSecond));

    public void Advance(TimeSpan by) => Interlocked.Add(ref _ahead, by.Ticks);
}
