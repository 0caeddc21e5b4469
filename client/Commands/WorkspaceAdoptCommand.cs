using System.CommandLine;
using Actors.Sync.Repositories;
using Actors.Sync.Workspaces;
using Spectre.Console;

namespace Actors.Client.Commands;

/// <summary><c>actors workspace adopt</c>: existing clones give their objects to the store and borrow from there.</summary>
internal static class WorkspaceAdoptCommand
{
    public static Command Create(Terminal terminal, TimeProvider clock)
    {
        Argument<string> folder = new("DIR") { Description = "Clones in this folder and below, bare ones too." };
        Option<bool> drop = new("--drop-objects") { Description = "Remove from the clones what the store has: packs of which it has every object, and loose objects. Nobody should be working in them meanwhile." };
        Option<TimeSpan> wait = SharedOptions.Of("--wait", "Wait so long while another process works on the store.", "TIME", Quantities.ParseDuration, "1h");
        Option<string> store = SharedOptions.Store();
        Command command = new("adopt", "Take existing clones over: their objects go into the store, and they borrow from there. They and their worktrees go on as they are.") { folder, drop, wait, store };
        command.SetAction((parsed, cancellation) => RunAsync(
            terminal, clock, parsed.GetRequiredValue(store), parsed.GetRequiredValue(folder), parsed.GetValue(drop),
            parsed.GetResult(wait) is { Implicit: false } ? parsed.GetValue(wait) : TimeSpan.FromHours(1), cancellation));
        return command;
    }

    private static async Task<int> RunAsync(
        Terminal terminal, TimeProvider clock, string path, string folder, bool drop, TimeSpan wait, CancellationToken cancellationToken)
    {
        if (!Directory.Exists(folder))
        {
            throw new UserErrorException($"there is no folder '{folder}'");
        }

        string lender = StorePlace.Of(path).Folder ?? throw new UserErrorException("clones borrow from the folder of a store: --store names a shared one");
        string[] found = [.. CloneAdoption.Find(Path.GetFullPath(folder))];
        await using WorkingStore store = await WorkingStore.OpenInTurnAsync(path, wait, clock, cancellationToken);
        WorkspaceRoot root = WorkspaceCommand.RootOf(path, store.Objects, store.Heads, clock);
        CloneAdoption adoption = new(store.Sync, store.Objects, Path.Combine(Path.GetFullPath(lender), "objects"), new SyncOptions());
        (int failed, long dropped) = (0, 0);
        await ProgressBar.RunAsync(terminal, "adopting", async bar =>
        {
            for (int i = 0; i < found.Length; i++)
            {
                AdoptedClone clone = await adoption.AdoptAsync(found[i], drop, cancellationToken);
                if (clone.Error is null)
                {
                    root.Remember(clone);
                    terminal.Lines.WriteLine(clone.Path);
                }
                else
                {
                    failed++;
                    terminal.Error.WriteLine($"actors: {clone.Path}: {clone.Error}");
                }

                dropped += clone.DroppedBytes;
                bar?.Report((i + 1, found.Length));
            }

            return 0;
        });
        await terminal.Lines.FlushAsync(cancellationToken);
        terminal.Screen.WriteLine($"{Quantities.Count(found.Length - failed)} clones adopted, {Quantities.Count(failed)} failed, {Quantities.Bytes(dropped)} removed from them");
        return failed == 0 ? ExitCode.AllWell : ExitCode.SomeFailed;
    }
}
