using Orleans.Runtime;

namespace Actors.Grains.Registry;

/// <summary>A repository that this silo has, or asks for.</summary>
internal sealed class Registration
{
    /// <summary>The registry has said that it is this silo's.</summary>
    public bool IsSure { get; set; }

    /// <summary>A chunk has the right to visit it.</summary>
    public bool IsHeld { get; set; }

    /// <summary>Its grain's activation, or null: none now.</summary>
    public GrainAddress? Activation { get; set; }

    /// <summary>Visited since it was held: what the holder has read of it may be old.</summary>
    public bool IsTouched { get; set; }
}
