using Actors.Git.Objects;
using Actors.Git.Packs;

namespace Actors.Fuzz.Targets;

/// <summary>Pack index files: opened, searched, each position read, verified.</summary>
public sealed class PackIndexTarget : IFuzzTarget, IDisposable
{
    private readonly string _path = Path.Combine(Path.GetTempPath(), $"actors-fuzz-{Environment.ProcessId}.idx");

    public string Name => "pack-index";

    public IEnumerable<byte[]> Seeds => [Index(0, 12), Index(1, 12), Index(5, 12), Index(3, 1L << 31)];

    public IEnumerable<byte[]> Dictionary => [[0xff, (byte)'t', (byte)'O', (byte)'c'], [0, 0, 0, 2], [0x80, 0, 0, 0], [0xff, 0xff, 0xff, 0xff], [0x7f, 0xff, 0xff, 0xff]];

    public int Iterations => 5_000;

    public void Dispose() => File.Delete(_path);

    public void Run(ReadOnlySpan<byte> input)
    {
        try
        {
            File.WriteAllBytes(_path, input);
            using PackIndex index = PackIndex.Open(_path);
            for (int i = 0; i < index.Count; i++)
            {
                _ = index.CrcAt(i);
                _ = index.TryFind(index.Oids[i], out _);
            }

            index.Verify();
        }
        finally
        {
            File.Delete(_path);
        }
    }

    private static byte[] Index(int count, long firstOffset)
    {
        string path = Path.GetTempFileName();
        File.Delete(path);
        try
        {
            PackIndexEntry[] entries =
                [.. Enumerable.Range(0, count).Select(i => new PackIndexEntry(ObjectHash.Compute(ObjectType.Blob, [(byte)i]), (uint)i, firstOffset + (i * 50)))];
            PackIndexWriter.Write(path, entries, default, fsync: false);
            return File.ReadAllBytes(path);
        }
        finally
        {
            File.Delete(path);
        }
    }
}
