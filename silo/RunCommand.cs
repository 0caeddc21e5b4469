using Actors.Grains;
using Actors.Silo.Settings;
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
        await silo.StartAsync();
        await output.WriteLineAsync($"Silo {settings.Name} of cluster '{settings.Cluster}' is up at {settings.Address}:{settings.SiloPort}{(settings.Api is { } api ? $", API at {api}" : "")}.");
        await silo.WaitForShutdownAsync();
        await output.WriteLineAsync($"Silo {settings.Name} has drained and is down.");
    }

    private static void LimitMemory(SiloSettings settings)
    {
        if (settings.MemoryMegabytes is { } megabytes)
        {
            AppContext.SetData("GCHeapHardLimit", (ulong)megabytes << 20);
            GC.RefreshMemoryLimit();
        }
    }
}
