using Actors.Grains.Campaigns;
using Actors.Silo.Settings;
using Actors.Web.Webhooks;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Actors.Silo;

/// <summary>A silo from its start to its end.</summary>
internal static class RunCommand
{
    public static async Task RunAsync(SiloSettings settings, TextWriter output, TimeProvider clock)
    {
        LimitMemory(settings);
        Ports.RequireFree(settings);
        await using SiloStores stores = await SiloStores.OpenAsync(settings, clock, CancellationToken.None);
        using IHost silo = SiloHost.Build(settings, stores, clock);
        await using WebhookServer? webhooks = await ReceiveAsync(settings, silo, clock);
        await silo.StartAsync();
        await output.WriteLineAsync($"Silo {settings.Name} of cluster '{settings.Cluster}' is up at {settings.Address}:{settings.SiloPort}{(settings.Api is { } api ? $", API at {api}" : "")}.");
        await silo.WaitForShutdownAsync();
        await output.WriteLineAsync($"Silo {settings.Name} has drained and is down.");
    }

    /// <summary>Pushes, where they are received: whichever silo hears of one tells the schedule that all share.</summary>
    private static async Task<WebhookServer?> ReceiveAsync(SiloSettings settings, IHost silo, TimeProvider clock) =>
        settings.Webhooks is { } listen && silo.Services.GetRequiredService<SiloWatch>().Watch is { } watch
            ? await WebhookServer.StartAsync(new WebhookOptions { Listen = listen, Secret = settings.WebhookSecret, Clock = clock, Tell = watch.TellAsync }, CancellationToken.None)
            : null;

    private static void LimitMemory(SiloSettings settings)
    {
        if (settings.MemoryMegabytes is { } megabytes)
        {
            AppContext.SetData("GCHeapHardLimit", (ulong)megabytes << 20);
            GC.RefreshMemoryLimit();
        }
    }
}
