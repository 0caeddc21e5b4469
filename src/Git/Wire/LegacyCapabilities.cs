using Actors.Git.Remotes;

namespace Actors.Git.Wire;

/// <summary>What is asked of a v0 or v1 server: of its capabilities those that we use (gitprotocol-capabilities).</summary>
/// <param name="Text">As they stand behind the first want.</param>
/// <param name="MultiAck">Whether haves are acknowledged one by one.</param>
/// <param name="NoDone">Whether a ready server sends the pack at once.</param>
/// <param name="Sideband">Whether the pack comes in bands.</param>
internal sealed record LegacyCapabilities(string Text, bool MultiAck, bool NoDone, bool Sideband)
{
    /// <summary>The best of what is advertised.</summary>
    public static LegacyCapabilities Choose(LegacyAdvertisement advertisement, FetchRequest request)
    {
        List<string> chosen = [];
        bool detailed = Take("multi_ack_detailed");
        bool multiAck = detailed || Take("multi_ack");
        bool noDone = detailed && Take("no-done");
        bool sideband = Take("side-band-64k") || Take("side-band");
        _ = request.ThinPack && Take("thin-pack");
        _ = Take("ofs-delta");
        _ = request.IncludeTag && Take("include-tag");
        _ = request.Progress is null && Take("no-progress");
        _ = request.Deepen is not null && Take("shallow");
        _ = request.Filter != ObjectFilter.None && Take("filter");
        return new(string.Join(' ', chosen), multiAck, noDone, sideband);

        bool Take(string capability)
        {
            bool has = advertisement.Has(capability);
            if (has)
            {
                chosen.Add(capability);
            }

            return has;
        }
    }
}
