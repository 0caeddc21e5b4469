using System.Text;

namespace Actors.Client.Listings;

/// <summary>
/// What could not be had, one a line: the address or name, what happened, and why, separated by <c>;</c>. Addresses come first, so that the file is a list again.
/// </summary>
internal sealed class ListErrors : IDisposable
{
    private readonly StreamWriter _writer;
    private readonly Lock _gate = new();

    private ListErrors(StreamWriter writer) => _writer = writer;

    /// <exception cref="UserErrorException">The file cannot be written.</exception>
    public static ListErrors? Open(string? path, bool append) => path is null ? null : new ListErrors(Writer("--errors", path, append));

    /// <summary>A file of lines.</summary>
    /// <exception cref="UserErrorException">It cannot be written.</exception>
    public static StreamWriter Writer(string option, string path, bool append)
    {
        try
        {
            return new StreamWriter(path, append, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false)) { NewLine = "\n" };
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UserErrorException($"{option}: cannot write '{path}': {e.Message}", e);
        }
    }

    public void Write(string name, string what, string why)
    {
        lock (_gate)
        {
            _writer.WriteLine($"{OneField(name)};{what};{OneField(why)}");
        }
    }

    public void Dispose() => _writer.Dispose();

    private static string OneField(string text) => new([.. text.Select(c => char.IsControl(c) || c == ';' ? ' ' : c)]);
}
