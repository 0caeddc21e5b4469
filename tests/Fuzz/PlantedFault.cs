namespace Actors.Fuzz;

/// <summary>A target with a fault, by which the harness shows that it finds one. No parameterless constructor: it is not fuzzed itself.</summary>
/// <param name="fault">Called with each input.</param>
internal sealed class PlantedFault(Action<byte[]> fault) : IFuzzTarget
{
    public string Name => "planted-fault";

    public IEnumerable<byte[]> Seeds => ["0009hello0000"u8.ToArray(), "plain"u8.ToArray()];

    public IEnumerable<byte[]> Dictionary => ["PACK"u8.ToArray()];

    public long AllocatedBytesMax => 1 << 20;

    public void Run(ReadOnlySpan<byte> input) => fault(input.ToArray());
}
