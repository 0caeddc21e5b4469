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
    /// <summary>
    /// ARCHIVE FOLDER LEVEL; prints the tree, the bytes of content, the CPU seconds of unpacking without the runtime's start, the bytes stored; with a fourth argument
    /// also the CPU seconds of doing it once more, into another store, when the code is compiled.
    /// </summary>
    public static async Task<int> RunAsync(string[] args)
    {
        string figures = await UnpackAsync(args[0], args[1], int.Parse(args[2], CultureInfo.InvariantCulture));
        if (args.Length > 3)
        {
            figures += " " + (await UnpackAsync(args[0], args[1] + "-warm", int.Parse(args[2], CultureInfo.InvariantCulture))).Split(' ')[2];
            Directory.Delete(args[1] + "-warm", recursive: true);
        }

        await File.WriteAllTextAsync(args[1] + ".figures", figures);
        return 0;
    }

    private static async Task<string> UnpackAsync(string archive, string folder, int level)
    {
        await using LocalObjectStore store = LocalObjectStore.Open(folder, StoreAccess.Write, TimeProvider.System);
        TimeSpan before = Environment.CpuUsage.TotalTime;
        ObjectSink sink = new(store, level);
        await using (sink)
        {
            UnpackTarget target = new(sink);
            await using MeasuredStream measured = new(File.OpenRead(archive), Loaders.Limits.ArchiveBytesMax, [System.Security.Cryptography.HashAlgorithmName.SHA256]);
            await Archive.UnpackAsync(measured, target, CancellationToken.None);
            await measured.DrainAsync(CancellationToken.None);
            ReleaseDraft draft = new() { Era = Era.Revision, Name = "1", Author = "A <a@example.org>", Date = new ReleaseDate(1, 0, "+0000"), Message = "1" };
            Oid release = await sink.AddReleaseAsync(target.Tree, _ => draft, CancellationToken.None);
            CommitResult? commit = await sink.CommitAsync("benchmark", null, CancellationToken.None);
            double cpu = (Environment.CpuUsage.TotalTime - before).TotalSeconds;
            GitObject made = (await store.ReadAsync(release, 10_000, CancellationToken.None))!;
            string tree = Encoding.ASCII.GetString(made.Content.Span.Slice(5, 40));
            return string.Create(CultureInfo.InvariantCulture, $"{tree} {sink.UnpackedBytes} {cpu} {commit!.StoredBytes}");
        }
    }
}
