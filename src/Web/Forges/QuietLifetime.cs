using Microsoft.Extensions.Hosting;

namespace Actors.Web.Forges;

/// <summary>A host that listens to no signal: Ctrl-C belongs to the program that started the forge.</summary>
internal sealed class QuietLifetime : IHostLifetime
{
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
