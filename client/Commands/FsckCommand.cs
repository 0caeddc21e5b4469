using System.CommandLine;
using Actors.Store.Checks;
using Actors.Store.Objects;
using Spectre.Console;

namespace Actors.Client.Commands;

/// <summary><c>actors fsck</c>: everything that can be checked of a store.</summary>
internal static class FsckCommand
{
    public static Command Create(Terminal terminal, TimeProvider clock)
    {
        Option<bool> collisions = new("--collisions") { Description = "Also look in every object for signs of a SHA-1 collision attack; much slower." };
        Option<string> store = SharedOptions.Store();
        Command command = new("fsck", "Check the store: every pack and its index, the index over all packs, closure, every recorded head. Changes nothing; exits with 2 when something is wrong.") { collisions, store };
        command.SetAction((parsed, cancellation) => RunAsync(terminal, clock, parsed.GetRequiredValue(store), parsed.GetValue(collisions), cancellation));
        return command;
    }

    private static async Task<int> RunAsync(Terminal terminal, TimeProvider clock, string path, bool collisions, CancellationToken cancellationToken)
    {
        await using ReadingStore store = await ReadingStore.OpenAsync(path, clock, cancellationToken);
        List<StoreProblem> problems = [];
        StoreCheckCounts counts = await ProgressBar.RunAsync(terminal, "checking", async progress =>
        {
            StoreCheck check = new(store.Objects, store.Heads, new StoreCheckOptions { Collisions = collisions, Progress = progress is null ? null : new Bytes(progress) });
            await foreach (StoreProblem problem in check.RunAsync(cancellationToken))
            {
                problems.Add(problem);
                terminal.Lines.WriteLine(problem.ToString());
            }

            return check.Counts;
        });
        await foreach (AsidePack aside in store.Objects.ListAsideAsync(cancellationToken))
        {
            terminal.Screen.WriteLine($"kept aside: {aside.Name}: {aside.Reason}");
        }

        await terminal.Lines.FlushAsync(cancellationToken);
        terminal.Screen.WriteLine($"{Quantities.Count(counts.Packs)} packs, {Quantities.Count(counts.Objects)} objects, {Quantities.Count(counts.References)} references, "
            + $"{Quantities.Count(counts.Repositories)} repositories, {Quantities.Count(counts.Snapshots)} snapshots checked: "
            + (problems.Count == 0 ? "nothing wrong" : $"{Quantities.Count(problems.Count)} problems"));
        return problems.Count == 0 ? ExitCode.AllWell : ExitCode.SomeFailed;
    }

    private sealed class Bytes(IProgress<(long Done, long Total)> bar) : IProgress<StoreCheckCounts>
    {
        /// <summary>Bytes of packs that are read while one repository's heads are looked up: the bar moves evenly.</summary>
        private const long BytesPerRepository = 20_000;

        public void Report(StoreCheckCounts value) =>
            bar.Report((value.Bytes + (value.Repositories * BytesPerRepository), value.BytesInAll + (value.RepositoriesInAll * BytesPerRepository)));
    }
}
