namespace Actors.Sync.ForgeHosts;

/// <summary>
/// Starts of one grant, in the silo's own time: which become ready as their turn comes, until they are void. Of a host that has a
/// rate each has its turn, and is void soon after it: what many silos did not use would else be begun by all of them at once.
/// </summary>
internal sealed class StartRun(HostGrant grant, long receivedAt, long sentAt)
{
    private readonly long _until = sentAt + grant.StartsFor.Ticks;

    // Of a start that was ready when it was granted.
    private readonly long _voidFrom = Math.Min(receivedAt + LatenessOf(grant), sentAt + Limits.StartsPatience.Ticks);
    private int _taken;

    public long GrantedAt { get; } = grant.GrantedAt;

    public bool ForCanary { get; } = grant.ForCanary;

    public int Left => grant.Starts - _taken;

    /// <summary>When the next one is ready: from after the answer, so not earlier than the owner thinks.</summary>
    public long NextAt => receivedAt + TurnOf(_taken + 1);

    /// <summary>The host has a rate: each start has its time.</summary>
    public bool HasTurns => grant.StartsPerSecond > 0;

    public void Take() => _taken++;

    /// <summary>Leaves out those whose time is over, counted from before the call: not later than the owner thinks. Says how many.</summary>
    public int Expire(long now)
    {
        int before = _taken;
        if (now >= _until)
        {
            _taken = grant.Starts;
        }

        while (HasTurns && Left > 0 && now >= _voidFrom + TurnOf(_taken + 1))
        {
            _taken++;
        }

        return _taken - before;
    }

    /// <summary>One that comes late by less than the time between two does not meet the next.</summary>
    private static long LatenessOf(HostGrant grant) =>
        grant.StartsPerSecond > 0 ? Math.Max(Limits.StartsLateness.Ticks, (long)(TimeSpan.TicksPerSecond / grant.StartsPerSecond)) : Limits.StartsPatience.Ticks;

    private long TurnOf(int number) =>
        !HasTurns || grant.StartsReady >= number ? 0 : (long)Math.Ceiling((number - grant.StartsReady) / grant.StartsPerSecond * TimeSpan.TicksPerSecond);
}
