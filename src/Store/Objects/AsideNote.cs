using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using Actors.Store.Packs;
using Oid = Actors.Git.Objects.Oid;

namespace Actors.Store.Objects;

/// <summary>The note beside packs kept aside, as JSON for people and programs.</summary>
internal sealed record AsideNote
{
    /// <summary>Whose, when and why, in the caller's words.</summary>
    [JsonPropertyName("reason")]
    public required string Reason { get; init; }

    /// <summary>When it was put aside.</summary>
    [JsonPropertyName("keptAt")]
    public DateTimeOffset KeptAt { get; init; }

    /// <summary>Oid of the object that collides with a stored one; such packs are for people only, never reconsidered.</summary>
    [JsonPropertyName("colliding")]
    public string? Colliding { get; init; }

    /// <summary>How many references were missing when it was put aside; all are in the file beside.</summary>
    [JsonPropertyName("missingCount")]
    public long MissingCount { get; init; }

    /// <summary>Bytes of packs and pack indexes.</summary>
    [JsonPropertyName("packBytes")]
    public long PackBytes { get; init; }

    public static AsideNote Parse(ReadOnlySpan<byte> json) =>
        JsonSerializer.Deserialize<AsideNote>(json) ?? throw new InvalidDataException("A note beside packs kept aside is null.");

    /// <summary>The name that an ingest kept aside has by its packs: the same packs are kept once.</summary>
    public static Oid NameOf(IReadOnlyList<IncomingPack> packs)
    {
        Oid[] checksums = [.. packs.Select(pack => pack.Checksum).Order()];
        return checksums.Length == 1 ? checksums[0] : Oid.FromBytes(SHA1.HashData(MemoryMarshal.AsBytes<Oid>(checksums)));
    }

    public byte[] ToBytes() => JsonSerializer.SerializeToUtf8Bytes(this);
}
