using Spectre.Console;
using Spectre.Console.Rendering;

namespace Actors.Client.Screens;

/// <summary>
/// A picture at the end of a terminal that is drawn over itself, with lines that stay above it. For one caller at a time, as
/// observers are called. (Spectre's own live display loses lines that are written while it grows.)
/// </summary>
internal sealed class LivePicture(IAnsiConsole screen)
{
    private int _height;

    /// <summary>Draws over what was drawn last.</summary>
    public void Draw(IRenderable picture)
    {
        using StringWriter text = new() { NewLine = "\n" };
        IAnsiConsole canvas = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(text),
            Ansi = AnsiSupport.Yes,
            ColorSystem = screen.Profile.Capabilities.ColorSystem switch
            {
                ColorSystem.NoColors => ColorSystemSupport.NoColors,
                ColorSystem.TrueColor => ColorSystemSupport.TrueColor,
                _ => ColorSystemSupport.Standard,
            },
        });
        // The last column stays free: a full line would break on some terminals.
        canvas.Profile.Width = Math.Max(20, screen.Profile.Width - 1);
        canvas.Write(picture);
        string[] lines = text.ToString().TrimEnd('\n').Split('\n');
        int shown = Math.Min(lines.Length, Math.Max(1, screen.Profile.Height - 1));
        screen.Profile.Out.Writer.Write(Erasure() + string.Join('\n', lines.Take(shown)) + "\n");
        screen.Profile.Out.Writer.Flush();
        _height = shown;
    }

    /// <summary>Writes a line that stays; the picture comes back with the next drawing.</summary>
    public void WriteLine(string line)
    {
        screen.Profile.Out.Writer.Write(Erasure() + line + "\n");
        _height = 0;
    }

    /// <summary>Takes the picture away.</summary>
    public void Erase()
    {
        screen.Profile.Out.Writer.Write(Erasure());
        screen.Profile.Out.Writer.Flush();
        _height = 0;
    }

    /// <summary>ECMA-48: cursor up (CUU) by the picture's height, erase to the end of the screen (ED).</summary>
    private string Erasure() => _height == 0 ? "" : $"\e[{_height}A\r\e[0J";
}
