using System.Text;

namespace Actors.Git.Refs;

/// <summary>
/// A full ref name (<c>HEAD</c>, <c>refs/heads/main</c>) as its raw bytes: git allows any encoding, and the bytes are what
/// snapshots hash and sort by. Ordered by bytes.
/// </summary>
public readonly struct RefName : IEquatable<RefName>, IComparable<RefName>
{
    private readonly byte[]? _bytes;

    private RefName(byte[] bytes) => _bytes = bytes;

    /// <summary><c>HEAD</c>.</summary>
    public static RefName Head { get; } = new("HEAD"u8.ToArray());

    /// <summary>The raw bytes.</summary>
    public ReadOnlySpan<byte> Bytes => _bytes;

    /// <summary>The name whose raw bytes are given.</summary>
    /// <exception cref="GitFormatException">Empty, longer than <see cref="Limits.RefNameBytesMax"/>, or with NUL, LF or space in it.</exception>
    public static RefName FromBytes(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty || bytes.Length > Limits.RefNameBytesMax || bytes.ContainsAny((byte)0, (byte)'\n', (byte)' '))
        {
            throw new GitFormatException(GitFormatError.Advertisement, $"A ref name of {bytes.Length} bytes is empty, too long, or has a control character.");
        }

        return new RefName(bytes.ToArray());
    }

    /// <summary>A branch of a snapshot: as <see cref="FromBytes"/>, but with spaces, which versions of packages have and refs cannot.</summary>
    /// <exception cref="GitFormatException">Empty, longer than <see cref="Limits.RefNameBytesMax"/>, or with NUL or LF in it.</exception>
    public static RefName FromBranch(ReadOnlySpan<byte> bytes) =>
        bytes.IsEmpty || bytes.Length > Limits.RefNameBytesMax || bytes.ContainsAny((byte)0, (byte)'\n')
            ? throw new GitFormatException(GitFormatError.Advertisement, $"A branch name of {bytes.Length} bytes is empty, too long, or has a control character.")
            : new RefName(bytes.ToArray());

    /// <summary>The name written in UTF-8.</summary>
    /// <exception cref="GitFormatException">As for <see cref="FromBytes"/>.</exception>
    public static RefName Parse(string name) => FromBytes(Encoding.UTF8.GetBytes(name));

    public bool StartsWith(ReadOnlySpan<byte> prefix) => Bytes.StartsWith(prefix);

    public bool Equals(RefName other) => Bytes.SequenceEqual(other.Bytes);

    public override bool Equals(object? obj) => obj is RefName other && Equals(other);

    public override int GetHashCode()
    {
        HashCode hash = default;
        hash.AddBytes(Bytes);
        return hash.ToHashCode();
    }

    public int CompareTo(RefName other) => Bytes.SequenceCompareTo(other.Bytes);

    /// <summary>The name as text; bytes that are not UTF-8 show as U+FFFD, so this is for people, not for storage.</summary>
    public override string ToString() => Encoding.UTF8.GetString(Bytes);

    public static bool operator ==(RefName left, RefName right) => left.Equals(right);

    public static bool operator !=(RefName left, RefName right) => !left.Equals(right);

    public static bool operator <(RefName left, RefName right) => left.CompareTo(right) < 0;

    public static bool operator >(RefName left, RefName right) => left.CompareTo(right) > 0;

    public static bool operator <=(RefName left, RefName right) => left.CompareTo(right) <= 0;

    public static bool operator >=(RefName left, RefName right) => left.CompareTo(right) >= 0;
}
