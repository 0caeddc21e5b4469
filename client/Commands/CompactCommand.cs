using System.CommandLine;
using Actors.Store.Objects;
using Spectre.Console;

namespace Actors.Client.Commands;

/// <summary><c>actors compact</c>: many small packs into few.</summary>
internal static class CompactCommand
{
    public static Command Create(Terminal terminal, TimeProvider clock)
    {
        Option<bool> full = new("--full") { Description = "All packs into as few as possible, whatever their sizes." };
        Option<bool> deltas = new("--deltas") { Description = "Also store objects of merged packs as deltas on those of the same name (releases of packages, one a visit), where that pays; much slower." };
        Option<string> store = SharedOptions.Store();
        Command command = new("compact", "Merge packs and index runs. Syncs do so by themselves; by hand it makes one tidy pack. Readers go on meanwhile.") { full, deltas, store };
        command.SetAction((parsed, cancellation) => RunAsync(terminal, clock, parsed.GetRequiredValue(store), parsed.GetValue(full), parsed.GetValue(deltas), cancellation));
        return command;
    }

    private static async Task<int> RunAsync(Terminal terminal, TimeProvider clock, string path, bool full, bool deltas, CancellationToken cancellationToken)
    {
        await using WorkingStore store = await WorkingStore.OpenExistingAsync(path, clock, cancellationToken);
        CompactionResult result = await ProgressBar.RunAsync(terminal, "compacting", progress =>
            store.Objects.CompactAsync(new CompactionOptions { Full = full, Deltas = deltas, Progress = progress }, cancellationToken));
        terminal.Screen.WriteLine($"{result.PacksBefore} packs, {Quantities.Bytes(result.BytesBefore)} before; {result.PacksAfter} packs, "
            + $"{Quantities.Bytes(result.BytesAfter)} after; {Quantities.Count(result.DuplicatesDropped)} duplicate objects dropped");
        return ExitCode.AllWell;
    }
}
