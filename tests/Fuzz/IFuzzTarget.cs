namespace Actors.Fuzz;

/// <summary>
/// One parser of bytes from strangers. Every class with a parameterless constructor in this assembly that implements it is
/// fuzzed; put it in <c>Targets/</c>. Its corpus lies in <c>Corpus/NAME/</c>.
/// </summary>
public interface IFuzzTarget
{
    /// <summary>Lower case with hyphens: names the corpus folder.</summary>
    string Name { get; }

    /// <summary>Inputs to start from beside the corpus folder: small, well-formed, each showing another feature of the format.</summary>
    IEnumerable<byte[]> Seeds { get; }

    /// <summary>Words and numbers of the format that chance would not find.</summary>
    IEnumerable<byte[]> Dictionary => [];

    /// <summary>Inputs tried in an ordinary test run; about a second's worth.</summary>
    int Iterations => 10_000;

    /// <summary>Bytes of a mutated input at most.</summary>
    int InputBytesMax => 4096;

    /// <summary>Managed bytes that one input may make the parser allocate.</summary>
    long AllocatedBytesMax => 64L << 20;

    /// <summary>
    /// Parses. May return or throw <see cref="Git.GitFormatException"/>; anything else is a finding, and so is an assertion of
    /// its own on what was parsed (decode after encode, the same result however the input is split).
    /// </summary>
    void Run(ReadOnlySpan<byte> input);
}
