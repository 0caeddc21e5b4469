using Orleans.Services;

namespace Actors.Grains.Registry;

/// <summary>One in each silo: tells a registry that begins what this silo has.</summary>
[Alias("actors.registrations")]
internal interface IRegistrationTeller : IGrainService
{
    /// <summary>Canonical URLs of a host's repositories that this silo has. What it asked an earlier registry for, and has no answer to yet, it will not have.</summary>
    [Alias("List")]
    Task<string[]> ListAsync(string host, ActivationId incarnation);
}
