using Actors.Git.Packs;

namespace Actors.Benchmarks.IndexPack;

/// <summary>Our side of <see cref="IndexPackBenchmark"/> as a process: one pack, in its file.</summary>
internal static class IndexPackClient
{
    public static async Task<int> RunAsync(string[] args)
    {
        PackIndexOptions options = new() { PackPath = args[0], IndexPath = args[1], ListReferences = args[2] == "references" };
        PackIndexResult result = await PackIndexer.IndexFileAsync(options, CancellationToken.None);
        Console.WriteLine(result.Checksum);
        return 0;
    }
}
