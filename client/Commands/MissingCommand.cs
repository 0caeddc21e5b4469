using System.CommandLine;
using System.Text;
using Actors.Git.Objects;

namespace Actors.Client.Commands;

/// <summary><c>actors missing</c>: of the oids on standard input, those that the store lacks.</summary>
internal static class MissingCommand
{
    private const int Batch = 10_000;

    public static Command Create(Terminal terminal, TimeProvider clock)
    {
        Option<string> store = SharedOptions.Store();
        Command command = new("missing", "Read oids from standard input, one a line; print those that the store does not have, in the same order.") { store };
        command.SetAction((parsed, cancellation) => RunAsync(terminal, clock, parsed.GetRequiredValue(store), cancellation));
        return command;
    }

    private static async Task<int> RunAsync(Terminal terminal, TimeProvider clock, string path, CancellationToken cancellationToken)
    {
        await using ReadingStore store = await ReadingStore.OpenAsync(path, clock, cancellationToken);
        using StreamReader input = new(terminal.Input, Encoding.ASCII, false, 1 << 16, leaveOpen: true);
        Oid[] oids = new Oid[Batch];
        bool[] present = new bool[Batch];
        int count = 0;
        long line = 0;
        while (await input.ReadLineAsync(cancellationToken) is { } text)
        {
            line++;
            if (!Oid.TryParse(text.AsSpan().Trim(), out oids[count]))
            {
                throw new UserErrorException($"standard input, line {line}: not an oid of 40 hex digits");
            }

            if (++count == Batch)
            {
                await FlushAsync(terminal, store, oids, present, count, cancellationToken);
                count = 0;
            }
        }

        await FlushAsync(terminal, store, oids, present, count, cancellationToken);
        await terminal.Lines.FlushAsync(cancellationToken);
        return ExitCode.AllWell;
    }

    private static async Task FlushAsync(Terminal terminal, ReadingStore store, Oid[] oids, bool[] present, int count, CancellationToken cancellationToken)
    {
        await store.Objects.ContainsAsync(oids.AsMemory(0, count), present.AsMemory(0, count), cancellationToken);
        for (int i = 0; i < count; i++)
        {
            if (!present[i])
            {
                terminal.Lines.WriteLine(oids[i].ToString());
            }
        }
    }
}
