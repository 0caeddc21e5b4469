using Actors.Git.Remotes;
using Actors.Sync.ForgeHosts;

namespace Actors.Grains.ForgeHosts;

[RegisterConverter]
internal sealed class HostViewConverter : IConverter<HostView, HostViewSurrogate>
{
    public HostView ConvertFromSurrogate(in HostViewSurrogate surrogate) => new()
    {
        Host = ForgeHost.Parse(surrogate.Host),
        Running = surrogate.Running,
        Allowed = surrogate.Allowed,
        RequestsPerSecond = surrogate.RequestsPerSecond,
        Waiting = surrogate.Waiting,
        Done = surrogate.Done,
        Throttled = surrogate.Throttled,
        SilentUntil = surrogate.SilentUntil,
        BrakedUntil = surrogate.BrakedUntil,
        IsDown = surrogate.IsDown,
    };

    public HostViewSurrogate ConvertToSurrogate(in HostView value) => new()
    {
        Host = value.Host.ToString(),
        Running = value.Running,
        Allowed = value.Allowed,
        RequestsPerSecond = value.RequestsPerSecond,
        Waiting = value.Waiting,
        Done = value.Done,
        Throttled = value.Throttled,
        SilentUntil = value.SilentUntil,
        BrakedUntil = value.BrakedUntil,
        IsDown = value.IsDown,
    };
}
