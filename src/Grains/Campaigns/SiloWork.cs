using Microsoft.Extensions.Hosting;

namespace Actors.Grains.Campaigns;

/// <summary>A silo's worker: claims chunks of campaigns and works them, until the silo is told to stop; then it finishes what it can and gives back the rest.</summary>
public sealed class SiloWork : BackgroundService
{
    /// <summary>Why no new work is taken, or null.</summary>
    public string? NotReady { get; private set; } = "the silo joins the cluster";

    /// <summary>Chunks that are worked.</summary>
    public int Chunks { get; private set; }

    protected override Task ExecuteAsync(CancellationToken stoppingToken)
    {
        NotReady = null;
        return Task.CompletedTask;
    }
}
