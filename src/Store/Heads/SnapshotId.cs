using Actors.Git.Objects;

namespace Actors.Store.Heads;

/// <summary>
/// A snapshot's id as Software Heritage computes it (<c>swh:1:snp:…</c>): SHA-1 of <c>snapshot length\0</c> and the
/// branches in order of their raw names. Written as 40 lower-case hex digits.
/// </summary>
public readonly record struct SnapshotId
{
    private readonly Oid _value;

    private SnapshotId(Oid value) => _value = value;

    /// <summary>The snapshot without branches.</summary>
    public static SnapshotId Empty { get; } = Parse("1a8893e6a86f444e8be8e7bda6cb34fb1735a00e");

    /// <summary>The id whose 20 bytes are given.</summary>
    public static SnapshotId FromBytes(ReadOnlySpan<byte> bytes) => new(Oid.FromBytes(bytes));

    /// <summary>Parses 40 lower-case hex digits, with or without <c>swh:1:snp:</c> before them.</summary>
    /// <exception cref="FormatException">Anything else.</exception>
    public static SnapshotId Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        ReadOnlySpan<char> hex = text.StartsWith("swh:1:snp:", StringComparison.Ordinal) ? text.AsSpan(10) : text;
        return Oid.TryParse(hex, out Oid oid) ? new SnapshotId(oid) : throw new FormatException($"'{text}' is not a snapshot id of 40 hex digits.");
    }

    /// <summary>Writes the 20 bytes.</summary>
    public void CopyTo(Span<byte> destination) => _value.CopyTo(destination);

    public override string ToString() => _value.ToString();
}
