using System.Security.Cryptography;
using Actors.TestKit;

namespace Actors.Fuzz;

/// <summary>The files of a target in the checkout: <c>tests/Fuzz/Corpus/NAME/</c>, one input each. Findings are written there and stay.</summary>
public static class Corpus
{
    /// <summary>The inputs of a target, by file name in order.</summary>
    public static IReadOnlyList<(string File, byte[] Input)> Read(string target)
    {
        string folder = SourceTree.PathOf("tests", "Fuzz", "Corpus", target);
        return Directory.Exists(folder)
            ? [.. Directory.GetFiles(folder, "*.bin").Order(StringComparer.Ordinal).Select(file => (Path.GetFileName(file), File.ReadAllBytes(file)))]
            : [];
    }

    /// <summary>Keeps a finding's input, to be replayed by every later run; returns its path in the checkout.</summary>
    public static string Keep(string target, Finding finding)
    {
        string name = $"crash-{Convert.ToHexStringLower(SHA256.HashData(finding.Input))[..12]}.bin";
        string folder = Directory.CreateDirectory(SourceTree.PathOf("tests", "Fuzz", "Corpus", target)).FullName;
        File.WriteAllBytes(Path.Combine(folder, name), finding.Input);
        return $"tests/Fuzz/Corpus/{target}/{name}";
    }
}
