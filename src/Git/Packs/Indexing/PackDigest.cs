using System.Security.Cryptography;
using Oid = Actors.Git.Objects.Oid;

namespace Actors.Git.Packs.Indexing;

/// <summary>The running SHA-1 of a pack, of which the last twenty bytes that have come are always left out: they may be the trailer.</summary>
internal sealed class PackDigest : IDisposable
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA1);
    private readonly byte[] _held = new byte[2 * PackFormat.TrailerLength];
    private int _heldCount;

    /// <summary>Bytes in all.</summary>
    public long Length { get; private set; }

    public void Append(ReadOnlySpan<byte> bytes)
    {
        Length += bytes.Length;
        if (bytes.Length >= PackFormat.TrailerLength)
        {
            _hash.AppendData(_held, 0, _heldCount);
            _hash.AppendData(bytes[..^PackFormat.TrailerLength]);
            bytes[^PackFormat.TrailerLength..].CopyTo(_held);
            _heldCount = PackFormat.TrailerLength;
            return;
        }

        bytes.CopyTo(_held.AsSpan(_heldCount));
        _heldCount += bytes.Length;
        int over = Math.Max(0, _heldCount - PackFormat.TrailerLength);
        _hash.AppendData(_held, 0, over);
        _held.AsSpan(over, _heldCount - over).CopyTo(_held);
        _heldCount -= over;
    }

    /// <summary>The trailer, which must be the digest of what is before it.</summary>
    /// <exception cref="GitFormatException">It is not.</exception>
    public Oid Finish()
    {
        Oid computed = Oid.FromBytes(_hash.GetHashAndReset());
        return _heldCount == PackFormat.TrailerLength && Oid.FromBytes(_held) == computed
            ? computed
            : throw new GitFormatException(
                GitFormatError.Checksum, "A pack does not have the checksum that it ends with", Length - PackFormat.TrailerLength);
    }

    public void Dispose() => _hash.Dispose();
}
