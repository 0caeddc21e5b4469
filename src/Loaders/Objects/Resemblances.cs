using Actors.Git.Objects;

namespace Actors.Loaders.Objects;

/// <summary>
/// Which object of an earlier release of the same load an object is probably like: what lay at the same place, the top folder
/// aside, whose name has the version in it.
/// </summary>
internal sealed class Resemblances
{
    private readonly Dictionary<string, Oid> _latest = new(StringComparer.Ordinal);
    private readonly Dictionary<Oid, Oid> _bases = [];

    /// <summary>Says where an object lies; called once an object, in order of the releases.</summary>
    public void Add(string path, Oid oid)
    {
        string key = path[(path.IndexOf('/', StringComparison.Ordinal) + 1)..];
        if (_latest.TryGetValue(key, out Oid before))
        {
            _bases[oid] = before;
        }

        if (_latest.Count < Limits.DeltaPathsMax || _latest.ContainsKey(key))
        {
            _latest[key] = oid;
        }
    }

    /// <summary>Forgets all but where the newest lie: objects that were written are no bases any more.</summary>
    public void Written() => _bases.Clear();

    /// <summary>What an object is like, or null.</summary>
    public Oid? BaseOf(Oid oid) => _bases.TryGetValue(oid, out Oid found) ? found : null;
}
