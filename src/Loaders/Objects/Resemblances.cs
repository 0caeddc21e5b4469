using Actors.Git.Objects;

namespace Actors.Loaders.Objects;

/// <summary>
/// Which object of an earlier release of the same load an object is probably like: what lay at the same place, the top folder
/// aside, whose name has the version in it.
/// </summary>
internal sealed class Resemblances
{
    private readonly Dictionary<string, Oid> _latest = new(StringComparer.Ordinal);
    private Dictionary<Oid, Oid> _bases = [];

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

    /// <summary>Hands out what is like what so far, and forgets all but where the newest lie: objects that are written are no bases any more.</summary>
    public IReadOnlyDictionary<Oid, Oid> Take()
    {
        Dictionary<Oid, Oid> taken = _bases;
        _bases = [];
        return taken;
    }
}
