namespace Actors.Loaders.Packages;

/// <summary>A list of packages as the list of keys that an engine reads, line for line; lines that name none become empty ones and are told.</summary>
internal sealed class PackageListReader(TextReader packages, PackageCatalog catalog, Action<long, string, string> rejected) : TextReader
{
    private string _line = "";
    private int _next;
    private long _number;

    public override async ValueTask<int> ReadAsync(Memory<char> buffer, CancellationToken cancellationToken = default)
    {
        if (_next == _line.Length)
        {
            string? line = await packages.ReadLineAsync(cancellationToken).ConfigureAwait(false);
            if (line is null)
            {
                return 0;
            }

            _number++;
            (_line, _next) = (KeyOf(line) + "\n", 0);
        }

        int count = Math.Min(buffer.Length, _line.Length - _next);
        _line.AsSpan(_next, count).CopyTo(buffer.Span);
        _next += count;
        return count;
    }

    private string KeyOf(string line)
    {
        try
        {
            if (line.Length > Limits.OriginLineCharsMax)
            {
                throw new FormatException($"longer than {Limits.OriginLineCharsMax} characters");
            }

            return catalog.Add(line)?.Key.ToString() ?? "";
        }
        catch (FormatException e)
        {
            rejected(_number, line, e.Message);
            return "";
        }
    }
}
