using System.Security.Cryptography;
using Actors.Git.Remotes;
using Actors.Loaders.Archives;
using Actors.Loaders.Debian;
using Actors.Loaders.Downloads;
using Actors.Loaders.Objects;
using Actors.Loaders.Packages;

namespace Actors.Loaders.Loads;

/// <summary>Fetches a release's artifacts and unpacks them as they come. What was announced is verified before anything is believed.</summary>
internal sealed class ReleaseFetch(RegistryClient client, ObjectSink sink, LoadTally tally, bool unpacks)
{
    /// <summary>Whether a server said that it has packed a file once more.</summary>
    public bool MetEncoding { get; private set; }

    /// <summary>One attempt.</summary>
    /// <exception cref="ArchiveException">The release cannot be loaded.</exception>
    /// <exception cref="DownloadException">It could not be fetched.</exception>
    public async Task<UnpackTarget> RunAsync(PackageRelease release, CancellationToken cancellationToken)
    {
        UnpackTarget target = new(sink, release.Keeps);
        if (release.Unpacking == Unpacking.DebianSource)
        {
            await new SourceUnpacking(this, sink).RunAsync(release, target, cancellationToken).ConfigureAwait(false);
            return target;
        }

        await UseAsync(release.Artifacts[0], measured => Archive.UnpackAsync(measured, target, cancellationToken), cancellationToken).ConfigureAwait(false);
        await target.KeepLinkedAsync(cancellationToken).ConfigureAwait(false);
        return target;
    }

    /// <summary>Opens an artifact, lets it be read, and looks at its length and digests.</summary>
    public async Task UseAsync(Artifact artifact, Func<MeasuredStream, Task> use, CancellationToken cancellationToken)
    {
        Download download = await client.OpenAsync(artifact.Address, tally.PermittedHost, unpacks, cancellationToken).ConfigureAwait(false);
        if (download.Body is not { } body)
        {
            throw new DownloadException(download.Failure!);
        }

        MetEncoding |= download.IsEncoded;
        MeasuredStream measured = new(body, Limits.ArchiveBytesMax, artifact.Checksums.Keys);
        await using (measured.ConfigureAwait(false))
        {
            try
            {
                await use(measured).ConfigureAwait(false);
                await measured.DrainAsync(cancellationToken).ConfigureAwait(false);
            }
            finally
            {
                tally.BytesReceived += measured.Count;
            }

            Verify(artifact, measured);
            tally.Downloads++;
        }
    }

    private static void Verify(Artifact artifact, MeasuredStream measured)
    {
        if (artifact.Length is { } length && length != measured.Count)
        {
            throw new ArchiveException($"{artifact.FileName} has {measured.Count} bytes, {length} were announced");
        }

        foreach ((HashAlgorithmName algorithm, string announced) in artifact.Checksums)
        {
            if (measured.HashOf(algorithm) != announced)
            {
                throw new ArchiveException($"{artifact.FileName} does not have the {algorithm.Name} that was announced");
            }
        }
    }
}
