namespace Actors.Loaders.Listings;

/// <summary>A forge's answer, whole.</summary>
/// <param name="Address">What was asked, with the lister's own mark after <c>#</c>.</param>
/// <param name="Bytes">The body, decompressed.</param>
internal sealed record ListingReply(Uri Address, ReadOnlyMemory<byte> Bytes)
{
    /// <summary>The <c>Link</c> header (RFC 8288), or null.</summary>
    public string? Link { get; init; }

    /// <summary>Where relative addresses in it are relative to, after redirects.</summary>
    public Uri Base { get; init; } = Address;
}
