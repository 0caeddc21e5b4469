using Actors.Grains.Campaigns;
using Microsoft.Extensions.DependencyInjection;

namespace Actors.Silo;

/// <summary>Why a silo takes no new work, for its health.</summary>
internal static class SiloState
{
    public static string? Of(IServiceProvider services) => services.GetRequiredService<SiloWork>().NotReady;
}
