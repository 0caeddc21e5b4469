using System.Globalization;
using System.Text;

namespace Actors.Benchmarks.Unchanged;

/// <summary>A list of any length in no memory.</summary>
/// <param name="address">Scheme and host; <c>{0}</c> stands for the host's number.</param>
/// <param name="hosts">Hosts that take turns.</param>
/// <param name="repositories">Lines.</param>
internal sealed class GeneratedList(string address, int hosts, long repositories) : TextReader
{
    private readonly StringBuilder _text = new();
    private readonly CompositeFormat _address = CompositeFormat.Parse(address);
    private long _number;

    public override ValueTask<int> ReadAsync(Memory<char> buffer, CancellationToken cancellationToken = default)
    {
        _text.Clear();
        while (_number < repositories && _text.Length < buffer.Length - 200)
        {
            _text.AppendFormat(CultureInfo.InvariantCulture, _address, _number % hosts).Append(CultureInfo.InvariantCulture, $"/owner{_number / 10}/repository-{_number}.git\n");
            _number++;
        }

        _text.CopyTo(0, buffer.Span, _text.Length);
        return new(_text.Length);
    }
}
