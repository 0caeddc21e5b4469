using System.CommandLine;
using Actors.Client.Commands;
using Actors.Git;

namespace Actors.Client;

/// <summary>The console: all commands, and how their failures are told.</summary>
internal static class ActorsCommand
{
    /// <summary>Time for running syncs to end after Ctrl-C.</summary>
    private static readonly TimeSpan GraceAfterInterrupt = TimeSpan.FromSeconds(60);

    /// <summary>Runs one command line.</summary>
    /// <returns>The exit code, see <see cref="ExitCode"/>.</returns>
    public static async Task<int> RunAsync(IReadOnlyList<string> arguments, Terminal terminal, TimeProvider clock, CancellationToken cancellationToken)
    {
        InvocationConfiguration configuration = new()
        {
            EnableDefaultExceptionHandler = false,
            ProcessTerminationTimeout = GraceAfterInterrupt,
            Output = terminal.Lines,
            Error = terminal.Error,
        };
        try
        {
            int code = await Create(terminal, clock).Parse(arguments).InvokeAsync(configuration, cancellationToken);
            await terminal.Lines.FlushAsync(CancellationToken.None);
            return code;
        }
        catch (OperationCanceledException)
        {
            terminal.Error.WriteLine("actors: interrupted");
            return ExitCode.Interrupted;
        }
        catch (Exception e) when (e is UserErrorException or GitFormatException or IOException or UnauthorizedAccessException)
        {
            terminal.Error.WriteLine($"actors: {e.Message}");
            return ExitCode.Failure;
        }
    }

    private static RootCommand Create(Terminal terminal, TimeProvider clock) => new(
        "Actors keeps up with public git repositories: it probes each for changes with one request, fetches only what one "
        + "shared, deduplicated store lacks, and keeps every state it ever saw. Start with 'actors demo'.")
    {
        SyncCommand.Create(terminal, clock),
        WatchCommand.Create(terminal, clock),
        CampaignCommand.Create(terminal, clock),
        LoadCommand.Create(terminal, clock),
        MirrorCommand.Create(terminal, clock),
        LfsGatewayCommand.Create(terminal, clock),
        ServeCommand.Create(terminal, clock),
        HeadsCommand.Create(terminal, clock),
        LogCommand.Create(terminal, clock),
        StatusCommand.Create(terminal, clock),
        MissingCommand.Create(terminal, clock),
        CatCommand.Create(terminal, clock),
        ExportCommand.Create(terminal, clock),
        FsckCommand.Create(terminal, clock),
        CompactCommand.Create(terminal, clock),
        WorkspaceCommand.Create(terminal, clock),
        DemoCommand.Create(terminal, clock),
        LsRefsCommand.Create(terminal, clock),
        IndexPackCommand.Create(terminal),
    };
}
