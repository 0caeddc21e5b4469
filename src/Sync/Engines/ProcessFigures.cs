namespace Actors.Sync.Engines;

/// <summary>What this process costs the machine. Thread-safe.</summary>
internal sealed class ProcessFigures(TimeProvider clock)
{
    private readonly Lock _gate = new();
    private long _sampledAt = clock.GetTimestamp();
    private TimeSpan _used = Used();
    private double? _share;

    /// <summary>Share of all cores, 0 to 1, since it was asked for a second ago or longer; null at first.</summary>
    public double? CpuShare
    {
        get
        {
            lock (_gate)
            {
                TimeSpan elapsed = clock.GetElapsedTime(_sampledAt);
                if (elapsed >= TimeSpan.FromSeconds(1))
                {
                    TimeSpan used = Used();
                    _share = Math.Clamp((used - _used) / elapsed / Environment.ProcessorCount, 0, 1);
                    (_sampledAt, _used) = (clock.GetTimestamp(), used);
                }

                return _share;
            }
        }
    }

    private static TimeSpan Used() => OperatingSystem.IsLinux() || OperatingSystem.IsWindows() || OperatingSystem.IsMacOS() ? Environment.CpuUsage.TotalTime : TimeSpan.Zero;
}
