namespace Actors.Store.Index.Ranges;

/// <summary>What was settled when a store was made.</summary>
/// <param name="Ranges">How the space of oids is split.</param>
/// <param name="Secret">Known to the store's processes and nobody else: they show each other that they know it.</param>
internal sealed record IndexSettings(OidRanges Ranges, byte[] Secret)
{
    public const int SecretBytes = 32;
}
