using Actors.Git.Objects;
using Actors.Store.ExtIds;

namespace Actors.Client.Commands;

/// <summary>Contents by the plain digests that others know them by: <c>sha1:HEX</c>, <c>sha256:HEX</c>; of what packages brought.</summary>
internal static class ContentDigests
{
    /// <summary>The blob of a digest, or the oid that the text is.</summary>
    /// <exception cref="UserErrorException">Neither, or not known.</exception>
    public static async Task<Oid> ResolveAsync(string place, string text, CancellationToken cancellationToken)
    {
        string? digest = text.StartsWith("sha1:", StringComparison.Ordinal) && text.Length == 45 ? text[5..]
            : text.StartsWith("sha256:", StringComparison.Ordinal) && text.Length == 71 ? text[7..]
            : null;
        if (digest is null || !digest.All(char.IsAsciiHexDigitLower))
        {
            return Oid.TryParse(text, out Oid oid) ? oid : throw new UserErrorException($"'{text}' is not an oid of 40 hex digits, nor sha1: or sha256: and a digest");
        }

        string path = StoreFolder.ExtIdsOf(StorePlace.Of(place).Folder ?? throw new UserErrorException("contents are found by digest in a store in a folder only"));
        if (!File.Exists(path))
        {
            throw new UserErrorException($"no package was loaded into the store at '{place}'");
        }

        await using SqliteExtIdStore extIds = StoreFolder.Try(() => SqliteExtIdStore.OpenForReading(path));
        return (await extIds.FindContentAsync(digest, cancellationToken))?.Oid ?? throw new UserErrorException($"no package brought a content with {text}");
    }
}
