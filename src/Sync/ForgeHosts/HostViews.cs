using Actors.Store.Heads;

namespace Actors.Sync.ForgeHosts;

/// <summary>A host's patience as an operator sees it, from what this process knows of it.</summary>
internal static class HostViews
{
    /// <summary>A host that campaigns have asked for.</summary>
    public static HostView Of(KnownHost known, long waiting, DateTimeOffset? brakedUntil, DateTimeOffset now)
    {
        HostPolicyState state = known.Policy.State;
        return Of(state, state.SilentUntil, now) with
        {
            Host = known.Host,
            Running = state.Running,
            Waiting = waiting,
            Done = known.Done,
            BrakedUntil = brakedUntil,
        };
    }

    /// <summary>A host that an earlier run remembered, and none has asked for since.</summary>
    public static HostView Of(ForgeHostState remembered, DateTimeOffset? brakedUntil, DateTimeOffset now) =>
        Of(HostPolicy.Read(remembered.Throttling) ?? new HostPolicyState { Rate = double.PositiveInfinity }, remembered.SilentUntil?.UtcTicks ?? 0, now) with
        {
            Host = remembered.Host,
            BrakedUntil = brakedUntil,
        };

    private static HostView Of(in HostPolicyState state, long silentUntil, DateTimeOffset now) => new()
    {
        Host = default,
        Allowed = state.Allowed,
        RequestsPerSecond = double.IsPositiveInfinity(state.Rate) ? null : state.Rate,
        Throttled = state.ThrottledCount,
        SilentUntil = silentUntil > now.UtcTicks ? new DateTimeOffset(silentUntil, TimeSpan.Zero) : null,
        IsDown = state.Broken,
    };
}
