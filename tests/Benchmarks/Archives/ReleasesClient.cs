using System.Globalization;
using Actors.Git.Objects;
using Actors.Loaders.Archives;
using Actors.Loaders.Objects;
using Actors.Store.Objects;

namespace Actors.Benchmarks.Archives;

/// <summary>Ours, in a process of its own: the releases of one package, one after the other, as one load stores them.</summary>
internal static class ReleasesClient
{
    /// <summary>FOLDER whole|deltas ARCHIVE…; writes bytes of content, CPU seconds without the runtime's start, bytes stored, the last commit.</summary>
    public static async Task<int> RunAsync(string[] args)
    {
        await using LocalObjectStore store = LocalObjectStore.Open(args[0], StoreAccess.Write, TimeProvider.System);
        TimeSpan before = Environment.CpuUsage.TotalTime;
        ObjectSink sink = new(store, 1, deltas: args[1] == "deltas");
        await using (sink)
        {
            Oid release = default;
            foreach (string archive in args[2..])
            {
                await sink.BeginReleaseAsync(CancellationToken.None);
                UnpackTarget target = new(sink);
                await using MeasuredStream measured = new(File.OpenRead(archive), Loaders.Limits.ArchiveBytesMax, [System.Security.Cryptography.HashAlgorithmName.SHA256]);
                await Archive.UnpackAsync(measured, target, CancellationToken.None);
                await measured.DrainAsync(CancellationToken.None);
                ReleaseDraft draft = new() { Era = Era.Revision, Name = "1", Author = "A <a@example.org>", Date = new ReleaseDate(1, 0, "+0000"), Message = "1" };
                release = await sink.AddReleaseAsync(target.Tree, _ => draft, CancellationToken.None);
            }

            CommitResult? commit = await sink.CommitAsync("benchmark", null, CancellationToken.None);
            double cpu = (Environment.CpuUsage.TotalTime - before).TotalSeconds;
            await File.WriteAllTextAsync(args[0] + ".figures", string.Create(CultureInfo.InvariantCulture, $"{sink.UnpackedBytes} {cpu} {commit!.StoredBytes} {release}"));
        }

        return 0;
    }
}
