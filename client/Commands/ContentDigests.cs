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

        StorePlace at = StorePlace.Of(place);
        if (at.Folder is { } folder && !File.Exists(StoreFolder.ExtIdsOf(folder)))
        {
            throw new UserErrorException($"no package was loaded into the store at '{place}'");
        }

        await using IExtIdStore extIds = at.Folder is { } local
            ? StoreFolder.Try(() => SqliteExtIdStore.OpenForReading(StoreFolder.ExtIdsOf(local)))
            : await StoreFolder.OpenExtIdsAsync(at, TimeProvider.System, cancellationToken);
        return (await extIds.FindContentAsync(digest, cancellationToken))?.Oid ?? throw new UserErrorException($"no package brought a content with {text}");
    }
}
