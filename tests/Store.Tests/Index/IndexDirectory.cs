using Actors.Git.Objects;
using Actors.Store.Index;

namespace Actors.Store.Tests.Index;

/// <summary>A folder for one index, removed with the test, and oids to put in.</summary>
internal sealed class IndexDirectory : IDisposable
{
    /// <summary>So small that flushes and merges happen with hundreds of oids.</summary>
    public static readonly ObjectIndexOptions Small = new() { MemoryOidsMax = 256, MemoryPacksMax = 8, Fsync = false, Seed = 42 };

    public string Path { get; } = Directory.CreateTempSubdirectory("actors-index-").FullName;

    public ObjectIndex Open(bool readOnly = false, ObjectIndexOptions? options = null) => ObjectIndex.Open(Path, readOnly, options ?? Small);

    /// <summary>Another folder with the same files.</summary>
    public IndexDirectory Copy()
    {
        var copy = new IndexDirectory();
        foreach (string file in Directory.EnumerateFiles(Path))
        {
            File.Copy(file, System.IO.Path.Combine(copy.Path, System.IO.Path.GetFileName(file)));
        }

        return copy;
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);

    public static Oid RandomOid(Random random)
    {
        Span<byte> bytes = stackalloc byte[Oid.Length];
        random.NextBytes(bytes);
        return Oid.FromBytes(bytes);
    }

    /// <summary>Different oids in order.</summary>
    public static Oid[] RandomOids(Random random, int count) =>
        [.. Enumerable.Range(0, count).Select(_ => RandomOid(random)).Distinct().Order()];
}
