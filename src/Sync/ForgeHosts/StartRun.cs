namespace Actors.Sync.ForgeHosts;

/// <summary>Starts of one grant, in the silo's own time: which become ready as their turn comes, until they are void.</summary>
internal sealed class StartRun(HostGrant grant, long receivedAt, long sentAt)
{
    private int _taken;

    public long GrantedAt { get; } = grant.GrantedAt;

    public bool ForCanary { get; } = grant.ForCanary;

    /// <summary>Void from then on, whatever is left. Counted from before the call: not later than the owner thinks.</summary>
    public long Until { get; } = sentAt + grant.StartsFor.Ticks;

    public int Left => grant.Starts - _taken;

    /// <summary>When the next one is ready: from after the answer, so not earlier than the owner thinks.</summary>
    public long NextAt => grant.StartsPerSecond <= 0 || grant.StartsReady >= _taken + 1
        ? receivedAt
        : receivedAt + (long)Math.Ceiling((_taken + 1 - grant.StartsReady) / grant.StartsPerSecond * TimeSpan.TicksPerSecond);

    public void Take() => _taken++;
}
