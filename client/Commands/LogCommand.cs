using System.CommandLine;
using Actors.Git.Remotes;
using Actors.Store.Heads;
using Actors.Web.Clients;

namespace Actors.Client.Commands;

/// <summary><c>actors log</c>: the visits of one repository.</summary>
internal static class LogCommand
{
    public static Command Create(Terminal terminal, TimeProvider clock)
    {
        Argument<RepositoryUrl> url = Arguments.Url();
        PlaceOptions place = new();
        Command command = new("log", "Show the visits of a repository, newest first: when, outcome, snapshot, what came, what went wrong.") { url };
        place.AddTo(command);
        command.SetAction((parsed, cancellation) => place.ClusterOf(parsed) is { } cluster
            ? RunOnClusterAsync(terminal, clock, cluster, parsed.GetRequiredValue(url), cancellation)
            : RunOnStoreAsync(terminal, clock, place.StoreOf(parsed), parsed.GetRequiredValue(url), cancellation));
        return command;
    }

    private static async Task<int> RunOnStoreAsync(Terminal terminal, TimeProvider clock, string path, RepositoryUrl url, CancellationToken cancellationToken)
    {
        await using ReadingStore store = await ReadingStore.OpenAsync(path, clock, cancellationToken);
        return await PrintAsync(terminal, store.Heads.ListVisitsAsync(url, cancellationToken), $"{url} was never visited with this store", cancellationToken);
    }

    private static async Task<int> RunOnClusterAsync(Terminal terminal, TimeProvider clock, ApiClientOptions cluster, RepositoryUrl url, CancellationToken cancellationToken)
    {
        using ApiClient api = new(cluster, clock);
        await api.GreetAsync(cancellationToken);
        return await PrintAsync(terminal, api.ListVisitsAsync(url, cancellationToken), $"{url} was never visited by the cluster", cancellationToken);
    }

    private static async Task<int> PrintAsync(Terminal terminal, IAsyncEnumerable<Visit> visits, string none, CancellationToken cancellationToken)
    {
        bool any = false;
        await foreach (Visit visit in visits.WithCancellation(cancellationToken))
        {
            any = true;
            string snapshot = visit.Snapshot?.ToString() ?? new string('-', 40);
            string detail = visit.Error is { } error ? "  " + error
                : visit.Objects > 0 ? $"  {Quantities.Count(visit.Objects)} objects, {Quantities.Bytes(visit.BytesReceived)}" : "";
            string moved = visit.MovedTo is { } target ? $"  moved to {target}" : "";
            await terminal.Lines.WriteLineAsync($"{visit.Number,5}  {Quantities.Time(visit.StartedAt)}  {visit.Outcome.ToName(),-11}  {snapshot}{detail}{moved}");
        }

        await terminal.Lines.FlushAsync(cancellationToken);
        return any ? ExitCode.AllWell : throw new UserErrorException(none);
    }
}
