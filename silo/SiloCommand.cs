using System.Net.Sockets;
using Actors.Silo.Settings;

namespace Actors.Silo;

/// <summary>The program's verbs: <c>run</c>, <c>migrate</c>, and what explains them.</summary>
internal static class SiloCommand
{
    private const string Usage =
        """
        A silo of a cluster of Actors: one of the processes that keep up with public git together.

          silo migrate   makes or updates what the cluster needs in PostgreSQL; before the first silo of a version
          silo run       works, until it is told to stop (SIGTERM, Ctrl-C): then it finishes what it can and gives back the rest

        Settings, from the strongest: the command line (--silo-port 11111), the environment (ACTORS_SILO_PORT=11111), the
        file that --settings names (JSON: { "siloPort": "11111" }). Passwords need not be in them: PGPASSWORD, PGPASSFILE and the AWS SDK's
        usual places are looked at.

        """;

    public static async Task<int> RunAsync(string[] arguments, TextWriter output, TextWriter errors, Func<string, string?> environment, TimeProvider clock)
    {
        string verb = arguments.Length > 0 ? arguments[0] : "--help";
        bool asksForHelp = verb is "--help" or "-h" or "help" || arguments.Skip(1).Any(a => a is "--help" or "-h");
        if (asksForHelp || verb is not ("run" or "migrate"))
        {
            await (asksForHelp ? output : errors).WriteLineAsync(asksForHelp ? Usage + SiloSettings.Help() : $"There is no 'silo {verb}': silo run, silo migrate, silo --help.");
            return asksForHelp ? 0 : 2;
        }

        try
        {
            SiloSettings settings = SiloSettings.Read(arguments.AsSpan(1), environment);
            if (verb == "migrate")
            {
                await MigrateCommand.RunAsync(settings, output, clock, CancellationToken.None);
                return 0;
            }

            await RunCommand.RunAsync(settings, output, clock);
            return 0;
        }
        catch (Exception failure) when (failure is FormatException or ArgumentException or IOException or UnauthorizedAccessException or SocketException)
        {
            await errors.WriteLineAsync($"silo: {failure.Message}");
            return failure is FormatException or ArgumentException ? 2 : 1;
        }
    }
}
