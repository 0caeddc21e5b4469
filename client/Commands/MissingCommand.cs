using System.CommandLine;
using System.Text;
using Actors.Git.Objects;
using Actors.Web.Clients;

namespace Actors.Client.Commands;

/// <summary><c>actors missing</c>: of the oids on standard input, those that the store lacks.</summary>
internal static class MissingCommand
{
    private const int Batch = 10_000;

    public static Command Create(Terminal terminal, TimeProvider clock)
    {
        PlaceOptions place = new();
        Command command = new("missing", "Read oids from standard input, one a line; print those that the store does not have, in the same order.");
        place.AddTo(command);
        command.SetAction((parsed, cancellation) => place.ClusterOf(parsed) is { } cluster
            ? RunOnClusterAsync(terminal, clock, cluster, cancellation)
            : RunOnStoreAsync(terminal, clock, place.StoreOf(parsed), cancellation));
        return command;
    }

    private static async Task<int> RunOnStoreAsync(Terminal terminal, TimeProvider clock, string path, CancellationToken cancellationToken)
    {
        await using ReadingStore store = await ReadingStore.OpenAsync(path, clock, cancellationToken);
        bool[] present = new bool[Batch];
        return await RunAsync(
            terminal,
            async oids =>
            {
                await store.Objects.ContainsAsync(oids, present.AsMemory(0, oids.Length), cancellationToken);
                return [.. oids.Where((_, i) => !present[i])];
            },
            cancellationToken);
    }

    private static async Task<int> RunOnClusterAsync(Terminal terminal, TimeProvider clock, ApiClientOptions cluster, CancellationToken cancellationToken)
    {
        using ApiClient api = new(cluster, clock);
        await api.GreetAsync(cancellationToken);
        return await RunAsync(terminal, oids => api.ListMissingAsync(oids, cancellationToken), cancellationToken);
    }

    private static async Task<int> RunAsync(Terminal terminal, Func<Oid[], Task<IReadOnlyList<Oid>>> missingOf, CancellationToken cancellationToken)
    {
        using StreamReader input = new(terminal.Input, Encoding.ASCII, false, 1 << 16, leaveOpen: true);
        List<Oid> oids = new(Batch);
        long line = 0;
        while (await input.ReadLineAsync(cancellationToken) is { } text)
        {
            line++;
            oids.Add(Oid.TryParse(text.AsSpan().Trim(), out Oid oid) ? oid : throw new UserErrorException($"standard input, line {line}: not an oid of 40 hex digits"));
            if (oids.Count == Batch)
            {
                await FlushAsync(terminal, await missingOf([.. oids]));
                oids.Clear();
            }
        }

        await FlushAsync(terminal, await missingOf([.. oids]));
        await terminal.Lines.FlushAsync(cancellationToken);
        return ExitCode.AllWell;
    }

    private static async Task FlushAsync(Terminal terminal, IReadOnlyList<Oid> missing)
    {
        foreach (Oid oid in missing)
        {
            await terminal.Lines.WriteLineAsync(oid.ToString());
        }
    }
}
