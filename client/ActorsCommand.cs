using System.CommandLine;
using Actors.Client.Commands;
using Actors.Git;

namespace Actors.Client;

/// <summary>The console: all commands, and how their failures are told.</summary>
internal static class ActorsCommand
{
    /// <summary>Time for running syncs to end after Ctrl-C.</summary>
    private static readonly TimeSpan GraceAfterInterrupt = TimeSpan.FromSeconds(60);

    /// <summary>By name, so that a run makes only what it is for: making all is a good part of a short run's start.</summary>
    internal static readonly (string Name, Func<Terminal, TimeProvider, Command> Create)[] Commands =
    [
        ("sync", SyncCommand.Create),
        ("list", ListCommand.Create),
        ("watch", WatchCommand.Create),
        ("campaign", CampaignCommand.Create),
        ("load", LoadCommand.Create),
        ("mirror", MirrorCommand.Create),
        ("lfs-gateway", LfsGatewayCommand.Create),
        ("serve", ServeCommand.Create),
        ("heads", HeadsCommand.Create),
        ("log", LogCommand.Create),
        ("explain", ExplainCommand.Create),
        ("status", StatusCommand.Create),
        ("missing", MissingCommand.Create),
        ("cat", CatCommand.Create),
        ("export", ExportCommand.Create),
        ("fsck", FsckCommand.Create),
        ("compact", CompactCommand.Create),
        ("workspace", WorkspaceCommand.Create),
        ("demo", DemoCommand.Create),
        ("ls-refs", LsRefsCommand.Create),
        ("index-pack", (terminal, _) => IndexPackCommand.Create(terminal)),
    ];

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
            int code = await Create(terminal, clock, arguments is [var first, ..] ? first : "").Parse(arguments).InvokeAsync(configuration, cancellationToken);
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

    /// <param name="terminal">Where commands read and write.</param>
    /// <param name="clock">The clock of everything.</param>
    /// <param name="name">The command that is wanted; of any other text, all are made, to be listed or suggested.</param>
    private static RootCommand Create(Terminal terminal, TimeProvider clock, string name)
    {
        RootCommand root = new(
            "Actors keeps up with public git repositories: it probes each for changes with one request, fetches only what one "
            + "shared, deduplicated store lacks, and keeps every state it ever saw. Start with 'actors demo'.");
        int named = Array.FindIndex(Commands, one => one.Name == name);
        for (int i = 0; i < Commands.Length; i++)
        {
            if (named < 0 || i == named)
            {
                root.Add(Commands[i].Create(terminal, clock));
            }
        }

        return root;
    }
}
