using System.IO.Compression;
using System.Text;
using Actors.Store.WorldOfCode;

namespace Actors.Client;

/// <summary>
/// The arguments of <c>actors sync</c> as one list: <c>-</c> is standard input, an existing file is a list (plain or gzip),
/// anything else, folders too, is the URL or path of a repository.
/// </summary>
internal sealed class ListSources(IReadOnlyList<string> arguments, Stream standardInput)
{
    /// <summary>Identifies the list when a campaign is resumed: full paths of files, URLs as typed.</summary>
    public string Key { get; } = string.Join('\n', arguments.Select(a => File.Exists(a) ? Path.GetFullPath(a) : a));

    /// <summary>All lines, source after source.</summary>
    public TextReader Open() => new JoinedReader(Readers());

    private IEnumerable<TextReader> Readers()
    {
        foreach (string argument in arguments)
        {
            if (argument == "-")
            {
                yield return Text(standardInput);
            }
            else if (File.Exists(argument))
            {
                yield return Text(OpenFile(argument));
            }
            else
            {
                yield return new StringReader(argument + "\n");
            }
        }
    }

    private static FileStream OpenFile(string path)
    {
        try
        {
            return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, 1 << 16, FileOptions.SequentialScan);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UserErrorException($"cannot read the list '{path}': {e.Message}", e);
        }
    }

    private static StreamReader Text(Stream stream)
    {
        BufferedStream buffered = new(stream, 1 << 16);
        PeekedStream peeked = PeekedStream.Open(buffered, 2);
        bool gzip = peeked.Peeked.Span is [0x1f, 0x8b];
        return new StreamReader(gzip ? new GZipStream(peeked, CompressionMode.Decompress) : peeked, Encoding.UTF8, detectEncodingFromByteOrderMarks: true, 1 << 16);
    }
}
