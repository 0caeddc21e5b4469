using System.Security.Cryptography;
using Actors.Git.Remotes;
using Actors.Git.Transport;

namespace Actors.Git.Lfs;

public sealed partial class LfsClient
{
    private const int ReadBytes = 128 << 10;

    /// <summary>
    /// Downloads one object. A connection that is lost is followed by a request for the rest, where the server gives ranges.
    /// </summary>
    /// <param name="wanted">What its size and SHA-256 must be.</param>
    /// <param name="download">Where it is.</param>
    /// <param name="destination">Written from where it stands. After a failure it holds some of the bytes, or other bytes.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Null: all bytes came, and they are right.</returns>
    public async Task<RemoteFailure?> DownloadAsync(LfsObject wanted, LfsAction download, Stream destination, CancellationToken cancellationToken)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        long length = 0;
        for (int attempt = 1; ; attempt++)
        {
            if (download.ExpiresAt <= _options.Clock.GetUtcNow())
            {
                return Expired;
            }

            long before = length;
            (long more, RemoteFailure? failure) = await DownloadRestAsync(wanted, download, length, hash, destination, cancellationToken).ConfigureAwait(false);
            length += more;
            if (failure is null)
            {
                return LfsOid.FromDigest(hash.GetHashAndReset()) == wanted.Oid ? null : new RemoteFailure(RemoteFailureKind.Malformed, "The LFS object's bytes are not those of its SHA-256.");
            }

            attempt = length > before ? 0 : attempt;
            if (failure.Kind is not (RemoteFailureKind.CutOff or RemoteFailureKind.TimedOut) || attempt >= Limits.LfsAttemptsMax)
            {
                return failure;
            }
        }
    }

    /// <summary>One request, for what comes after the bytes that are here.</summary>
    private async Task<(long Length, RemoteFailure? Failure)> DownloadRestAsync(
        LfsObject wanted, LfsAction download, long here, IncrementalHash hash, Stream destination, CancellationToken cancellationToken)
    {
        using Deadline deadline = _deadlines.Rent(_options.ReadIdleTimeMax, Timeout.InfiniteTimeSpan, cancellationToken);
        long length = 0;
        try
        {
            using HttpOpened opened = await _exchanges.GetAsync(download.Address, download.Headers, here, deadline).ConfigureAwait(false);
            // A server without ranges sends all again: what is here is passed over.
            long skip = opened.IsRest ? 0 : here;
            byte[] buffer = new byte[(int)Math.Clamp(wanted.Size, 1, ReadBytes)];
            int read;
            while ((read = await deadline.ReadAsync(opened.Body, buffer).ConfigureAwait(false)) > 0)
            {
                int passed = (int)Math.Min(skip, read);
                skip -= passed;
                if (here + length + read - passed > wanted.Size)
                {
                    return (length, new RemoteFailure(RemoteFailureKind.Malformed, $"The LFS object has more than its {wanted.Size} bytes."));
                }

                hash.AppendData(buffer, passed, read - passed);
                await WriteAsync(destination, buffer.AsMemory(passed, read - passed), cancellationToken).ConfigureAwait(false);
                length += read - passed;
            }
        }
        catch (Exception e) when (e is not SinkException && TransportFailures.Explain(e, deadline) is { } failure)
        {
            return (length, failure);
        }
        catch (SinkException e)
        {
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(e.InnerException!);
        }

        return (length, here + length == wanted.Size ? null : new RemoteFailure(RemoteFailureKind.CutOff, $"The LFS object ended after {here + length} of its {wanted.Size} bytes."));
    }

    /// <summary>The caller's disk is not the remote's fault, although both throw the same.</summary>
    private static async ValueTask WriteAsync(Stream destination, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        try
        {
            await destination.WriteAsync(bytes, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            throw new SinkException(e);
        }
    }

    private static async Task<byte[]> ReadReplyAsync(HttpOpened opened, Deadline deadline)
    {
        MemoryStream reply = new();
        byte[] buffer = new byte[16 << 10];
        int read;
        while ((read = await deadline.ReadAsync(opened.Body, buffer).ConfigureAwait(false)) > 0)
        {
            if (reply.Length + read > Limits.LfsReplyBytesMax)
            {
                throw new GitFormatException(GitFormatError.OverLimit, $"The LFS server's reply is longer than {Limits.LfsReplyBytesMax} bytes.");
            }

            reply.Write(buffer, 0, read);
        }

        return reply.ToArray();
    }

    /// <summary>What the caller's stream threw, on its way through what explains the remote's failures.</summary>
    private sealed class SinkException(Exception cause) : Exception(cause.Message, cause);
}
