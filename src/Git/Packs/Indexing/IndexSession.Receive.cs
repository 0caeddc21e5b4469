
namespace Actors.Git.Packs.Indexing;

/// <summary>How the bytes come in.</summary>
internal sealed partial class IndexSession
{
    private const int LeastBytes = PackFormat.HeaderLength + PackFormat.TrailerLength;

    /// <summary>Writes the pack to its file and scans it while it comes; one that fits a buffer is scanned there.</summary>
    private async Task ReceiveAsync(Stream pack)
    {
        byte[] buffer = PinnedBuffers.Rent();
        _received = buffer;
        using var digest = new PackDigest();
        int count = await FillAsync(pack, buffer).ConfigureAwait(false);
        if (count < buffer.Length)
        {
            Store(digest, buffer.AsSpan(0, count));
            ScanInMemory(buffer, count);
            _checksum = digest.Finish();
            return;
        }

        _bytes = new PackBytes(_file!);
        BeginScan(buffer, Math.Max(1, _options.Threads));
        try
        {
            while (count > 0)
            {
                Store(digest, buffer.AsSpan(0, count));
                _scan!.Advance(_receivedBytes - PackFormat.TrailerLength, final: false);
                count = count == buffer.Length ? await FillAsync(pack, buffer).ConfigureAwait(false) : 0;
            }

            _scan!.Advance(_receivedBytes - PackFormat.TrailerLength, final: true);
            await _scan.FinishAsync().ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            await _scan!.StopAsync(exception).ConfigureAwait(false);
            throw;
        }

        _checksum = digest.Finish();
        _bytes.MapAll(_receivedBytes);
    }

    /// <summary>Scans the file where it is, and hashes it meanwhile.</summary>
    private async Task ScanFileAsync()
    {
        _receivedBytes = RandomAccess.GetLength(_file!);
        CheckLength();
        _bytes = new PackBytes(_file!);
        _bytes.MapAll(_receivedBytes);
        BeginScan(MappedHeader(), ThreadsFor(_receivedBytes));
        Task<Objects.Oid> digest = Task.Run(DigestMapped, CancellationToken.None);
        try
        {
            _scan!.Advance(_receivedBytes - PackFormat.TrailerLength, final: true);
            await _scan.FinishAsync().ConfigureAwait(false);
        }
        finally
        {
            await Task.WhenAny(digest).ConfigureAwait(false);
        }

        _checksum = await digest.ConfigureAwait(false);
    }

    /// <summary>Takes a whole pack into memory, as far as its limits allow.</summary>
    private async Task ReceiveInMemoryAsync(Stream pack)
    {
        byte[] buffer = PinnedBuffers.Rent();
        _received = buffer;
        int count = await FillAsync(pack, buffer).ConfigureAwait(false);
        while (count == buffer.Length)
        {
            CheckReceived(count);
            byte[] larger = PinnedBuffers.Allocate((int)Math.Min(buffer.Length * 2L, Array.MaxLength));
            buffer.CopyTo(larger, 0);
            PinnedBuffers.Return(buffer);
            _received = buffer = larger;
            count += await FillAsync(pack, buffer.AsMemory(count)).ConfigureAwait(false);
        }

        using var digest = new PackDigest();
        Store(digest, buffer.AsSpan(0, count));
        ScanInMemory(buffer, count);
        _checksum = digest.Finish();
    }

    private unsafe void ScanInMemory(byte[] buffer, int count)
    {
        CheckLength();
        _bytes = new PackBytes(PinnedBuffers.Address(buffer), _file);
        BeginScan(buffer.AsSpan(0, count), threads: 1);
        _scan!.RunHere(_receivedBytes - PackFormat.TrailerLength);
    }

    private void CheckLength()
    {
        if (_receivedBytes < LeastBytes)
        {
            throw new GitFormatException(GitFormatError.Truncated, $"A pack of {_receivedBytes} bytes ends early", _receivedBytes);
        }
    }

    private void CheckReceived(long bytes)
    {
        if (bytes > Math.Min(_costs.Limits.PackBytesMax, _captured is null ? long.MaxValue : _costs.Limits.MemoryBytesMax))
        {
            throw new GitFormatException(GitFormatError.OverLimit, $"A pack of more than {_costs.Limits.PackBytesMax} bytes", bytes);
        }
    }

    private void Store(PackDigest digest, ReadOnlySpan<byte> bytes)
    {
        CheckReceived(_receivedBytes + bytes.Length);
        digest.Append(bytes);
        if (_file is not null)
        {
            RandomAccess.Write(_file, bytes, _receivedBytes);
        }

        _receivedBytes += bytes.Length;
    }

    /// <summary>Fills a buffer; less only at the stream's end.</summary>
    private async ValueTask<int> FillAsync(Stream pack, Memory<byte> buffer)
    {
        int count = 0;
        int read;
        while (count < buffer.Length && (read = await pack.ReadAsync(buffer[count..], _cancellationToken).ConfigureAwait(false)) > 0)
        {
            count += read;
        }

        return count;
    }

    private unsafe ReadOnlySpan<byte> MappedHeader() => new(_bytes!.All, PackFormat.HeaderLength);

    private unsafe Objects.Oid DigestMapped()
    {
        using var digest = new PackDigest();
        for (long at = 0; at < _receivedBytes; at += PinnedBuffers.Length)
        {
            _cancellationToken.ThrowIfCancellationRequested();
            digest.Append(new ReadOnlySpan<byte>(_bytes!.All + at, (int)Math.Min(PinnedBuffers.Length, _receivedBytes - at)));
        }

        return digest.Finish();
    }
}
