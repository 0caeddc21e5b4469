using System.Globalization;
using Actors.Loaders.Objects;

namespace Actors.Loaders.Archives;

/// <summary>pax extended header records (POSIX pax, "pax Extended Header"): <c>length SP key=value LF</c>, again and again.</summary>
internal sealed class PaxRecords
{
    private readonly Dictionary<string, string> _values = new(StringComparer.Ordinal);

    /// <summary>Takes in one header's records; later ones win, an empty value takes a key back.</summary>
    /// <exception cref="ArchiveException">Not such records.</exception>
    public void Add(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty && bytes[0] != 0)
        {
            int space = bytes.IndexOf((byte)' ');
            if (space is < 1 or > 9 || !int.TryParse(bytes[..space], NumberStyles.None, CultureInfo.InvariantCulture, out int length)
                || length <= space + 1 || length > bytes.Length || bytes[length - 1] != '\n')
            {
                throw new ArchiveException("a pax header is damaged");
            }

            ReadOnlySpan<byte> record = bytes[(space + 1)..(length - 1)];
            int equals = record.IndexOf((byte)'=');
            if (equals < 1)
            {
                throw new ArchiveException("a pax record has no key");
            }

            _values[PathText.Of(record[..equals])] = PathText.Of(record[(equals + 1)..]);
            bytes = bytes[length..];
        }
    }

    public void Clear() => _values.Clear();

    public string? Find(string key) => _values.GetValueOrDefault(key) is { Length: > 0 } value ? value : null;

    /// <summary>Whether the member's bytes are those of a sparse file in one of GNU's pax forms.</summary>
    public bool IsSparse => _values.Keys.Any(key => key.StartsWith("GNU.sparse.", StringComparison.Ordinal));
}
