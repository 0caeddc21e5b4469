using Actors.Git.Packs;

namespace Actors.Fuzz.Targets;

/// <summary>Deltas on a fixed base; what comes out has the size announced.</summary>
public sealed class DeltaTarget : IFuzzTarget
{
    private static readonly byte[] Source = [.. Enumerable.Range(0, 300).Select(i => (byte)i)];

    public string Name => "delta";

    public IEnumerable<byte[]> Seeds =>
    [
        [0xac, 0x02, 0x03, 0x03, 1, 2, 3],
        [0xac, 0x02, 0x0a, 0x90, 0x0a],
        [0xac, 0x02, 0xac, 0x02, 0xb0, 0x2c, 0x01],
        [0xac, 0x02, 0x07, 0x91, 0x05, 0x04, 0x03, 9, 9, 9],
    ];

    public IEnumerable<byte[]> Dictionary => [[0xff], [0x80], [0xac, 0x02], [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f], [0x00]];

    public int Iterations => 50_000;

    public long AllocatedBytesMax => 2 << 20;

    public void Run(ReadOnlySpan<byte> input)
    {
        byte[] result = DeltaApplier.Apply(Source, input, 1 << 20);
        DeltaApplier.ReadSizes(input, out _, out long size);
        if (result.Length != size)
        {
            throw new InvalidOperationException("The result has not the size announced.");
        }
    }
}
