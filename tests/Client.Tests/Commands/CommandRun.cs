using System.Text;

namespace Actors.Client.Tests.Commands;

/// <summary>What one command line printed, and its exit code.</summary>
/// <param name="Code">The exit code.</param>
/// <param name="Output">Standard output.</param>
/// <param name="Error">Standard error.</param>
internal sealed record CommandRun(int Code, byte[] Output, string Error)
{
    public string Text => Encoding.UTF8.GetString(Output);

    public string[] Lines => Text.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Runs a command line in this process, with streams of its own.</summary>
    public static Task<CommandRun> OfAsync(string input, params string[] arguments) => OfAsync(input, CancellationToken.None, arguments);

    /// <summary>As above; cancellation is Ctrl-C.</summary>
    public static async Task<CommandRun> OfAsync(string input, CancellationToken interrupt, params string[] arguments)
    {
        using MemoryStream standardInput = new(Encoding.UTF8.GetBytes(input));
        using MemoryStream standardOutput = new();
        using StringWriter error = new() { NewLine = "\n" };
        using Terminal terminal = Terminal.Over(standardInput, standardOutput, error);
        int code = await ActorsCommand.RunAsync(arguments, terminal, TimeProvider.System, interrupt);
        return new CommandRun(code, standardOutput.ToArray(), error.ToString());
    }
}
