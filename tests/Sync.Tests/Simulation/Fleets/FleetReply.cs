using Actors.Git.Refs;
using Actors.Git.Remotes;

namespace Actors.Sync.Tests.Simulation.Fleets;

/// <summary>What a simulated probe brought.</summary>
internal sealed class FleetReply(FleetRefs? refs) : ProbeReply
{
    public override RefAdvertisement ReadRefs() => refs!.Advertisement;
}
