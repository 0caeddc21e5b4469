using System.Globalization;
using Actors.Loaders.Archives;
using Actors.Loaders.Objects;
using Actors.Store.Objects;

namespace Actors.Benchmarks.Archives;

/// <summary>Ours, in a process of its own: the releases of one package, one after the other, as one load stores them.</summary>
internal static class ReleasesClient
{
    /// <summary>
    /// FOLDER whole|deltas|visits ARCHIVE…; writes bytes of content, CPU seconds without the runtime's start, bytes stored; one archive a visit also bytes and CPU seconds of a compaction that
    /// makes deltas.
    /// </summary>
    public static async Task<int> RunAsync(string[] args)
    {
        await using LocalObjectStore store = LocalObjectStore.Open(args[0], StoreAccess.Write, TimeProvider.System);
        TimeSpan before = Environment.CpuUsage.TotalTime;
        double content = 0, stored = 0;
        foreach (string[] archives in args[1] == "visits" ? args[2..].Select(archive => (string[])[archive]) : [args[2..]])
        {
            (double some, double kept) = await VisitAsync(store, archives, args[1] != "whole");
            (content, stored) = (content + some, stored + kept);
        }

        double cpu = (Environment.CpuUsage.TotalTime - before).TotalSeconds;
        string figures = string.Create(CultureInfo.InvariantCulture, $"{content} {cpu} {stored}");
        if (args[1] == "visits")
        {
            before = Environment.CpuUsage.TotalTime;
            CompactionResult result = await store.CompactAsync(new CompactionOptions { Full = true, Deltas = true }, CancellationToken.None);
            figures += string.Create(CultureInfo.InvariantCulture, $" {result.BytesAfter} {(Environment.CpuUsage.TotalTime - before).TotalSeconds}");
        }

        await File.WriteAllTextAsync(args[0] + ".figures", figures);
        return 0;
    }

    private static async Task<(double Content, double Stored)> VisitAsync(LocalObjectStore store, string[] archives, bool deltas)
    {
        ObjectSink sink = new(store, 1, deltas);
        await using (sink)
        {
            foreach (string archive in archives)
            {
                await sink.BeginReleaseAsync(CancellationToken.None);
                UnpackTarget target = new(sink);
                await using MeasuredStream measured = new(File.OpenRead(archive), Loaders.Limits.ArchiveBytesMax, [System.Security.Cryptography.HashAlgorithmName.SHA256]);
                await Archive.UnpackAsync(measured, target, CancellationToken.None);
                await measured.DrainAsync(CancellationToken.None);
                ReleaseDraft draft = new() { Era = Era.Revision, Name = "1", Author = "A <a@example.org>", Date = new ReleaseDate(1, 0, "+0000"), Message = archive };
                _ = await sink.AddReleaseAsync(target.Tree, _ => draft, CancellationToken.None);
            }

            CommitResult? commit = await sink.CommitAsync("benchmark", null, CancellationToken.None);
            return (sink.UnpackedBytes, commit!.StoredBytes);
        }
    }
}
