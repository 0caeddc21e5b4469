using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orleans.Runtime;

namespace Actors.Grains.Registry;

/// <summary>Tells what its silo's <see cref="RepositoryDirectory"/> has.</summary>
internal sealed class RegistrationTeller(GrainId id, Orleans.Runtime.Silo silo, ILoggerFactory logs, IServiceProvider services) : GrainService(id, silo, logs), IRegistrationTeller
{
    public Task<string[]> ListAsync(string host, ActivationId incarnation) =>
        Task.FromResult(services.GetRequiredService<RepositoryDirectory>().List(host, incarnation));
}
