using System.Text;
using Spectre.Console;

namespace Actors.Client;

/// <summary>
/// Where a command reads and writes. Results go to standard output as bytes; progress, summaries and errors go to
/// standard error, so that output can be piped on.
/// </summary>
internal sealed class Terminal : IDisposable
{
    private const int PlainWidth = 160;
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false);

    private readonly Lazy<IAnsiConsole> _screen;
    private readonly bool _isPlain;

    private Terminal(Stream input, Stream output, TextWriter error, bool isPlain)
    {
        _isPlain = isPlain;
        // Made when something is shown: finding out what a terminal can do is part of the start of every short run.
        _screen = new Lazy<IAnsiConsole>(() => isPlain ? PlainScreen(error) : AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(error) }));
        Input = input;
        Output = output;
        Lines = new StreamWriter(output, Utf8, 1 << 16, leaveOpen: true) { NewLine = "\n" };
        Error = error;
    }

    public Stream Input { get; }

    /// <summary>Raw standard output; flush <see cref="Lines"/> before writing to it.</summary>
    public Stream Output { get; }

    /// <summary>Standard output as lines of UTF-8, buffered.</summary>
    public StreamWriter Lines { get; }

    public TextWriter Error { get; }

    /// <summary>Standard error as a screen.</summary>
    public IAnsiConsole Screen => _screen.Value;

    /// <summary>True when somebody watches: standard error is a terminal that can redraw.</summary>
    public bool IsWatched => !_isPlain && Screen.Profile.Out.IsTerminal && Screen.Profile.Capabilities.Ansi && Screen.Profile.Capabilities.Interactive;

    /// <summary>The process's own streams.</summary>
    public static Terminal OfProcess() => new(Console.OpenStandardInput(), Console.OpenStandardOutput(), Console.Error, Console.IsErrorRedirected);

    /// <summary>Given streams, for running a command inside another program.</summary>
    public static Terminal Over(Stream input, Stream output, TextWriter error) => new(input, output, error, isPlain: true);

    public void Dispose() => Lines.Dispose();

    /// <summary>For files and pipes: no colours, lines that are not broken at 80.</summary>
    private static IAnsiConsole PlainScreen(TextWriter writer)
    {
        IAnsiConsole screen = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(writer),
            Ansi = AnsiSupport.No,
            ColorSystem = ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.No,
        });
        screen.Profile.Width = PlainWidth;
        return screen;
    }
}
