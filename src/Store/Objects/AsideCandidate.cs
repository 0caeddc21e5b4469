using Actors.Store.Packs;

namespace Actors.Store.Objects;

/// <summary>An ingest kept aside, opened to be reconsidered.</summary>
internal sealed record AsideCandidate(AsideDirectory Directory, List<IncomingPack> Packs) : IDisposable
{
    public static AsideCandidate Open(AsideDirectory directory)
    {
        var opened = new AsideCandidate(directory, []);
        foreach ((string pack, string index) in directory.ListPacks())
        {
            opened.Packs.Add(IncomingPack.Open(pack, index, bases: null));
        }

        return opened;
    }

    public void Dispose() => Packs.ForEach(pack => pack.Dispose());
}
