using Actors.Sync.ForgeHosts;

namespace Actors.Grains.ForgeHosts;

[RegisterConverter]
internal sealed class HostCallConverter : IConverter<HostCall, HostCallSurrogate>
{
    public HostCall ConvertFromSurrogate(in HostCallSurrogate surrogate) => new()
    {
        Silo = surrogate.Silo ?? "",
        Sequence = surrogate.Sequence,
        Held = surrogate.Held,
        Running = surrogate.Running,
        Wanted = surrogate.Wanted,
        StartsHeld = surrogate.StartsHeld,
        StartsWanted = surrogate.StartsWanted,
        Batch = surrogate.Batch,
        StartsDropped = surrogate.StartsDropped,
        Evidence = [.. (surrogate.Evidence ?? []).Select(e => e.ToEvidence())],
        Waiting = surrogate.Waiting,
        HasCanary = surrogate.HasCanary,
    };

    public HostCallSurrogate ConvertToSurrogate(in HostCall value) => new()
    {
        Silo = value.Silo,
        Sequence = value.Sequence,
        Held = value.Held,
        Running = value.Running,
        Wanted = value.Wanted,
        StartsHeld = value.StartsHeld,
        StartsWanted = value.StartsWanted,
        Batch = value.Batch,
        StartsDropped = value.StartsDropped,
        Evidence = [.. value.Evidence.Select(LeasedEvidenceSurrogate.Of)],
        Waiting = value.Waiting,
        HasCanary = value.HasCanary,
    };
}
