using System.CommandLine;
using Actors.Git.Remotes;
using Actors.Store.Heads;

namespace Actors.Client.Commands;

/// <summary><c>actors log</c>: the visits of one repository.</summary>
internal static class LogCommand
{
    public static Command Create(Terminal terminal, TimeProvider clock)
    {
        Argument<RepositoryUrl> url = Arguments.Url();
        Option<string> store = SharedOptions.Store();
        Command command = new("log", "Show the visits of a repository, newest first: when, outcome, snapshot, what came, what went wrong.") { url, store };
        command.SetAction((parsed, cancellation) => RunAsync(terminal, clock, parsed.GetRequiredValue(store), parsed.GetRequiredValue(url), cancellation));
        return command;
    }

    private static async Task<int> RunAsync(Terminal terminal, TimeProvider clock, string path, RepositoryUrl url, CancellationToken cancellationToken)
    {
        await using ReadingStore store = await ReadingStore.OpenAsync(path, clock, cancellationToken);
        bool any = false;
        await foreach (Visit visit in store.Heads.ListVisitsAsync(url, cancellationToken))
        {
            any = true;
            string snapshot = visit.Snapshot?.ToString() ?? new string('-', 40);
            string detail = visit.Error is { } error ? "  " + error
                : visit.Objects > 0 ? $"  {Quantities.Count(visit.Objects)} objects, {Quantities.Bytes(visit.BytesReceived)}" : "";
            string moved = visit.MovedTo is { } target ? $"  moved to {target}" : "";
            await terminal.Lines.WriteLineAsync($"{visit.Number,5}  {Quantities.Time(visit.StartedAt)}  {visit.Outcome.ToName(),-11}  {snapshot}{detail}{moved}");
        }

        await terminal.Lines.FlushAsync(cancellationToken);
        return any ? ExitCode.AllWell : throw new UserErrorException($"{url} was never visited with this store");
    }
}
