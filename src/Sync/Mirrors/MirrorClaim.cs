using System.Text.Json;

namespace Actors.Sync.Mirrors;

/// <summary>
/// Says that somebody writes a generation of a mirror, and until when at the latest. Only one writer can make the claim of a
/// generation; whoever finds one that is over goes on with the next number.
/// </summary>
/// <param name="Writer">Chance, so that a writer knows its own.</param>
/// <param name="Until">After it the writer writes nothing more.</param>
internal sealed record MirrorClaim(string Writer, DateTimeOffset Until)
{
    public const int BytesMax = 4096;

    public byte[] ToBytes() => JsonSerializer.SerializeToUtf8Bytes(
        new Dictionary<string, string> { ["writer"] = Writer, ["until"] = MirrorStateCodec.Text(Until) });

    /// <summary>Reads a claim; one that cannot be read is over at once: its writer is not one of ours.</summary>
    public static MirrorClaim Parse(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(bytes);
            return new MirrorClaim(
                document.RootElement.GetProperty("writer").GetString() ?? "",
                MirrorStateCodec.ParseTime(document.RootElement.GetProperty("until").GetString()));
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            return new MirrorClaim("", DateTimeOffset.MinValue);
        }
    }
}
