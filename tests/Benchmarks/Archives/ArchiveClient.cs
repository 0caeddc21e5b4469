using System.Globalization;
using System.Text;
using Actors.Git.Objects;
using Actors.Loaders.Archives;
using Actors.Loaders.Objects;
using Actors.Store.Objects;

namespace Actors.Benchmarks.Archives;

/// <summary>Ours, in a process of its own: one archive from its bytes to objects in a store, committed and flushed.</summary>
internal static class ArchiveClient
{
    /// <summary>ARCHIVE FOLDER LEVEL; prints the tree, the bytes of content, and the CPU seconds of unpacking without the runtime's start.</summary>
    public static async Task<int> RunAsync(string[] args)
    {
        await using LocalObjectStore store = LocalObjectStore.Open(args[1], StoreAccess.Write, TimeProvider.System);
        TimeSpan before = Environment.CpuUsage.TotalTime;
        ObjectSink sink = new(store, int.Parse(args[2], CultureInfo.InvariantCulture));
        await using (sink)
        {
            UnpackTarget target = new(sink);
            await using MeasuredStream measured = new(File.OpenRead(args[0]), Loaders.Limits.ArchiveBytesMax, [System.Security.Cryptography.HashAlgorithmName.SHA256]);
            await Archive.UnpackAsync(measured, target, CancellationToken.None);
            await measured.DrainAsync(CancellationToken.None);
            ReleaseDraft draft = new() { Era = Era.Revision, Name = "1", Author = "A <a@example.org>", Date = new ReleaseDate(1, 0, "+0000"), Message = "1" };
            Oid release = await sink.AddReleaseAsync(target.Tree, _ => draft, CancellationToken.None);
            CommitResult? commit = await sink.CommitAsync("benchmark", null, CancellationToken.None);
            double cpu = (Environment.CpuUsage.TotalTime - before).TotalSeconds;
            GitObject made = (await store.ReadAsync(release, 10_000, CancellationToken.None))!;
            string tree = Encoding.ASCII.GetString(made.Content.Span.Slice(5, 40));
            await File.WriteAllTextAsync(args[1] + ".figures", string.Create(CultureInfo.InvariantCulture, $"{tree} {sink.UnpackedBytes} {cpu} {commit!.StoredBytes}"));
        }

        return 0;
    }
}
