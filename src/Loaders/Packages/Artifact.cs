using System.Security.Cryptography;

namespace Actors.Loaders.Packages;

/// <summary>A file of a release, as its registry names it.</summary>
/// <param name="Address">Where it is.</param>
/// <param name="FileName">Its name.</param>
/// <param name="Length">Its bytes, where the registry says.</param>
/// <param name="Checksums">Digests in lower-case hex that the registry announced; all of them are verified.</param>
internal sealed record Artifact(Uri Address, string FileName, long? Length, IReadOnlyDictionary<HashAlgorithmName, string> Checksums)
{
    /// <summary>A name for <see cref="Checksums"/> that has none.</summary>
    public static IReadOnlyDictionary<HashAlgorithmName, string> None { get; } = new Dictionary<HashAlgorithmName, string>();
}
