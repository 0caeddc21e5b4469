using Orleans.Runtime;

namespace Actors.Grains.Registry;

/// <summary>What became of the repositories that a silo asked for.</summary>
[GenerateSerializer]
[Immutable]
[Alias("actors.registry-answer")]
internal sealed record RegistryAnswer
{
    /// <summary>Of the registry that answers: one that began later has asked the silos what they have.</summary>
    [Id(0)]
    public ActivationId Incarnation { get; init; }

    /// <summary>By place, the silo that has it.</summary>
    [Id(1)]
    public SiloAddress[] Owners { get; init; } = [];
}
