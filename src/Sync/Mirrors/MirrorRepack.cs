namespace Actors.Sync.Mirrors;

/// <summary>
/// Which packs of a mirror go into the next one, so that a client needs few requests (each pack costs it some four) while
/// little is uploaded again: as <c>git repack --geometric</c>, counted in objects.
/// </summary>
internal static class MirrorRepack
{
    /// <summary>
    /// A pack stays when it has so many times the objects that go into the new one. Of 5,000 equal updates come at most 9 packs, and each
    /// object is written 10 times; with 2 these are 13 and 7, with 4 they are 7 and 12.
    /// </summary>
    private const int Factor = 3;

    /// <summary>The packs to merge with the new objects: the smallest up to the first that is large enough to stay.</summary>
    /// <param name="packs">The mirror's packs.</param>
    /// <param name="newObjects">Objects that go into the next pack anyway; with 0 nothing is merged.</param>
    /// <param name="packBytesMax">Packs of half this size stay, and no larger one is made on purpose.</param>
    public static IReadOnlyList<MirrorPack> Choose(IEnumerable<MirrorPack> packs, long newObjects, long packBytesMax)
    {
        List<MirrorPack> chosen = [];
        long objects = newObjects;
        long bytes = 0;
        foreach (MirrorPack pack in packs.Where(pack => pack.PackBytes < packBytesMax / 2).OrderBy(pack => pack.Objects))
        {
            if (pack.Objects >= Factor * objects || bytes + pack.PackBytes > packBytesMax)
            {
                break;
            }

            chosen.Add(pack);
            objects += pack.Objects;
            bytes += pack.PackBytes;
        }

        return chosen;
    }
}
