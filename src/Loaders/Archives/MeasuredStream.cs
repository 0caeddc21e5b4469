using System.Security.Cryptography;
using Actors.Loaders.Objects;

namespace Actors.Loaders.Archives;

/// <summary>Reads through, counting, hashing and stopping at a limit: an archive as it comes over the wire.</summary>
internal sealed class MeasuredStream : ReadOnlyStream
{
    private readonly Stream _inner;
    private readonly long _bytesMax;
    private readonly IncrementalHash[] _hashes;

    /// <param name="inner">Owned.</param>
    /// <param name="bytesMax">More is an error.</param>
    /// <param name="algorithms">What to compute while the bytes pass.</param>
    public MeasuredStream(Stream inner, long bytesMax, IEnumerable<HashAlgorithmName> algorithms)
    {
        (_inner, _bytesMax) = (inner, bytesMax);
        Algorithms = [.. algorithms];
        _hashes = [.. Algorithms.Select(IncrementalHash.CreateHash)];
    }

    public IReadOnlyList<HashAlgorithmName> Algorithms { get; }

    /// <summary>Bytes so far.</summary>
    public long Count { get; private set; }

    /// <summary>The hash of all bytes so far, in lower-case hex.</summary>
    public string HashOf(HashAlgorithmName algorithm) => Convert.ToHexStringLower(_hashes[Algorithms.ToList().IndexOf(algorithm)].GetCurrentHash());

    /// <summary>Reads what is left, so that count and hashes are of the whole.</summary>
    public async Task DrainAsync(CancellationToken cancellationToken)
    {
        byte[] buffer = new byte[64 << 10];
        while (await ReadAsync(buffer, cancellationToken).ConfigureAwait(false) > 0)
        {
        }
    }

    public override int Read(Span<byte> buffer) => Pass(_inner.Read(buffer), buffer);

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        int read = await _inner.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
        return Pass(read, buffer.Span);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _inner.Dispose();
            Array.ForEach(_hashes, hash => hash.Dispose());
        }

        base.Dispose(disposing);
    }

    private int Pass(int read, Span<byte> buffer)
    {
        Count += read;
        if (Count > _bytesMax)
        {
            throw new ArchiveException($"more than {_bytesMax} bytes");
        }

        foreach (IncrementalHash hash in _hashes)
        {
            hash.AppendData(buffer[..read]);
        }

        return read;
    }
}
