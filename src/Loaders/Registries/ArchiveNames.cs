using System.Security.Cryptography;
using System.Text.Json;
using System.Text.RegularExpressions;
using Actors.Loaders.Packages;

namespace Actors.Loaders.Registries;

/// <summary>What an archive's file name says.</summary>
internal static partial class ArchiveNames
{
    private static readonly string[] Extensions =
        [".tar.gz", ".tar.bz2", ".tar.xz", ".tar.zst", ".tar.lz", ".tar.Z", ".tgz", ".tbz", ".tbz2", ".txz", ".tar", ".zip", ".jar", ".crate", ".whl"];

    /// <summary>The version at the end of a file name: <c>hello-2.12.1.tar.gz</c> is 2.12.1; the whole name where none is found.</summary>
    public static string VersionOf(Uri address)
    {
        string name = Path.GetFileName(address.LocalPath);
        string bare = Extensions.FirstOrDefault(end => name.EndsWith(end, StringComparison.OrdinalIgnoreCase)) is { } extension ? name[..^extension.Length] : name;
        Match match = AtEnd().Match(bare);
        return match.Success ? match.Groups[1].Value : bare;
    }

    /// <summary>Digests that a list gives beside an address.</summary>
    public static Dictionary<HashAlgorithmName, string> Checksums(JsonElement artifact)
    {
        JsonElement given = artifact.Get("checksums").ValueKind == JsonValueKind.Object ? artifact.Get("checksums") : artifact;
        Dictionary<HashAlgorithmName, string> checksums = [];
        foreach ((string key, int digits, HashAlgorithmName algorithm) in (ReadOnlySpan<(string, int, HashAlgorithmName)>)
            [("md5", 32, HashAlgorithmName.MD5), ("md5sum", 32, HashAlgorithmName.MD5), ("sha1", 40, HashAlgorithmName.SHA1), ("sha256", 64, HashAlgorithmName.SHA256), ("sha512", 128, HashAlgorithmName.SHA512)])
        {
            if (given.Hex(key, digits) is { } hex)
            {
                checksums[algorithm] = hex;
            }
        }

        return checksums;
    }

    [GeneratedRegex(@"[-_]v?(\d[A-Za-z0-9.+~_-]*)$", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex AtEnd();
}
