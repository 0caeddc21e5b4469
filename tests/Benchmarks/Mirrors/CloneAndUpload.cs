using System.Diagnostics;
using Actors.Store.Blobs;
using Actors.TestKit.Git;

namespace Actors.Benchmarks.Mirrors;

/// <summary>What a person would do: <c>git clone --mirror</c>, then its pack, index, packs, HEAD and refs to the bucket. The upload has no start-up: it runs here, warm.</summary>
internal static class CloneAndUpload
{
    /// <summary>Seconds of both.</summary>
    public static async Task<double> RunAsync(string url, string folder, IBlobStore target)
    {
        long began = Stopwatch.GetTimestamp();
        new GitCommand(Path.GetDirectoryName(folder)!).Run("clone", "-q", "--mirror", url, folder);
        GitCommand clone = new(folder);
        clone.Run("update-server-info");
        foreach (string path in Directory.EnumerateFiles(Path.Combine(folder, "objects", "pack")).OrderByDescending(path => path, StringComparer.Ordinal))
        {
            await PutAsync(target, path, "objects/pack/" + Path.GetFileName(path));
        }

        await PutAsync(target, Path.Combine(folder, "objects", "info", "packs"), "objects/info/packs");
        await PutAsync(target, Path.Combine(folder, "info", "refs"), "info/refs");
        await PutAsync(target, Path.Combine(folder, "HEAD"), "HEAD");
        return Stopwatch.GetElapsedTime(began).TotalSeconds;
    }

    private static async Task PutAsync(IBlobStore target, string path, string key)
    {
        await using FileStream file = File.OpenRead(path);
        await target.PutAsync(BlobKey.Parse(key), file, BlobPutOptions.Replace, default);
    }
}
