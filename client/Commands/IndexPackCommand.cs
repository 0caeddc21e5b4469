using System.CommandLine;
using Actors.Git;
using Actors.Git.Packs;

namespace Actors.Client.Commands;

/// <summary><c>actors index-pack</c>: plumbing, the indexer alone, for measuring beside <c>git index-pack</c>.</summary>
internal static class IndexPackCommand
{
    public static Command Create(Terminal terminal)
    {
        Argument<string> pack = new("PACK") { HelpName = "FILE", Description = "A pack file." };
        Option<string> output = new("--output", "-o") { HelpName = "FILE.idx", Description = "Where the index goes; must not exist.", Required = true };
        Option<int> threads = new("--threads") { HelpName = "N", Description = "Threads.", DefaultValueFactory = _ => Environment.ProcessorCount };
        Command command = new("index-pack", "Plumbing: index a pack as 'git index-pack -o' does and print its checksum. Needs no store.") { pack, output, threads };
        command.SetAction((parsed, cancellation) =>
            RunAsync(terminal, parsed.GetRequiredValue(pack), parsed.GetRequiredValue(output), parsed.GetValue(threads), cancellation));
        return command;
    }

    private static async Task<int> RunAsync(Terminal terminal, string pack, string output, int threads, CancellationToken cancellationToken)
    {
        try
        {
            PackIndexResult result = await PackIndexer.IndexFileAsync(
                new PackIndexOptions { PackPath = pack, IndexPath = output, Threads = threads }, cancellationToken);
            await terminal.Lines.WriteLineAsync(result.Checksum.ToString());
            await terminal.Lines.FlushAsync(cancellationToken);
            return ExitCode.AllWell;
        }
        catch (GitFormatException e)
        {
            throw new UserErrorException($"'{pack}': {e.Message}", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UserErrorException(e.Message, e);
        }
    }
}
