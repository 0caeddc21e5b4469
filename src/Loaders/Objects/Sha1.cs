using System.Security.Cryptography;

namespace Actors.Loaders.Objects;

/// <summary>SHA-1 of bytes alone: no security rests on it, registries and archives have named contents by it for decades.</summary>
internal static class Sha1
{
    public static byte[] Plain(ReadOnlySpan<byte> content) => SHA1.HashData(content);
}
