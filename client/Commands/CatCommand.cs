using System.CommandLine;
using System.Globalization;
using System.Text;
using Actors.Git.Objects;

namespace Actors.Client.Commands;

/// <summary><c>actors cat</c>: objects out of the store, as <c>git cat-file</c> gives them.</summary>
internal static class CatCommand
{
    private const long ContentBytesMax = 2_000_000_000;

    public static Command Create(Terminal terminal, TimeProvider clock)
    {
        Argument<string?> oid = new("OID") { Arity = ArgumentArity.ZeroOrOne, Description = "The object to print, its raw content; sha1:HEX or sha256:HEX names a content by its plain digest, as far as packages brought it." };
        Option<bool> batch = new("--batch") { Description = "Read oids from standard input; print 'OID TYPE SIZE', the content and a line end for each, or 'OID missing'." };
        Option<bool> type = new("--type", "-t") { Description = "Print the object's type instead of its content." };
        Option<bool> size = new("--size", "-s") { Description = "Print the object's size in bytes instead of its content." };
        Option<string> store = SharedOptions.Store();
        Command command = new("cat", "Print objects of the store.") { oid, batch, type, size, store };
        command.Validators.Add(result =>
        {
            if (result.GetValue(oid) is null == !result.GetValue(batch))
            {
                result.AddError("Give one OID, or --batch and oids on standard input.");
            }
        });
        command.SetAction(async (parsed, cancellation) =>
        {
            await using ReadingStore opened = await ReadingStore.OpenAsync(parsed.GetRequiredValue(store), clock, cancellation);
            return parsed.GetValue(batch)
                ? await BatchAsync(terminal, opened, cancellation)
                : await OneAsync(terminal, opened, await ContentDigests.ResolveAsync(parsed.GetRequiredValue(store), parsed.GetValue(oid)!, cancellation), parsed.GetValue(type), parsed.GetValue(size), cancellation);
        });
        return command;
    }

    private static async Task<int> OneAsync(Terminal terminal, ReadingStore store, Oid oid, bool type, bool size, CancellationToken cancellationToken)
    {
        GitObject found = await store.Objects.ReadAsync(oid, ContentBytesMax, cancellationToken)
            ?? throw new UserErrorException($"the store has no object {oid}");
        if (type || size)
        {
            await terminal.Lines.WriteLineAsync(type ? found.Type.ToName() : found.Content.Length.ToString(CultureInfo.InvariantCulture));
            await terminal.Lines.FlushAsync(cancellationToken);
            return ExitCode.AllWell;
        }

        await terminal.Output.WriteAsync(found.Content, cancellationToken);
        await terminal.Output.FlushAsync(cancellationToken);
        return ExitCode.AllWell;
    }

    private static async Task<int> BatchAsync(Terminal terminal, ReadingStore store, CancellationToken cancellationToken)
    {
        using StreamReader input = new(terminal.Input, Encoding.UTF8, false, 1 << 16, leaveOpen: true);
        await using BufferedStream output = new(terminal.Output, 1 << 16);
        while (await input.ReadLineAsync(cancellationToken) is { } text)
        {
            GitObject? found = Oid.TryParse(text, out Oid oid) ? await store.Objects.ReadAsync(oid, ContentBytesMax, cancellationToken) : null;
            string header = found is null
                ? $"{text} missing\n"
                : string.Create(CultureInfo.InvariantCulture, $"{oid} {found.Type.ToName()} {found.Content.Length}\n");
            await output.WriteAsync(Encoding.UTF8.GetBytes(header), cancellationToken);
            if (found is not null)
            {
                await output.WriteAsync(found.Content, cancellationToken);
                output.WriteByte((byte)'\n');
            }

            // A program on the other end may wait for this answer before it asks the next question.
            if (input.Peek() < 0)
            {
                await output.FlushAsync(cancellationToken);
            }
        }

        await output.FlushAsync(cancellationToken);
        return ExitCode.AllWell;
    }
}
