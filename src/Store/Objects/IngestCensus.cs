using Actors.Git.Objects;
using Actors.Store.Packs;

namespace Actors.Store.Objects;

/// <summary>
/// Which objects of an ingest are new. Looked at once before the commit's gate, and again under it: what has become
/// known in between is all that is left to compare.
/// </summary>
internal sealed class IngestCensus
{
    private readonly IReadOnlyList<IncomingPack> _packs;
    private readonly bool[][] _inStore;
    private readonly bool[][] _inEarlier;
    private readonly List<IncomingPack> _merged = [];
    private readonly long _appendedAgain;
    private bool _comparedEarlier;

    public IngestCensus(IReadOnlyList<IncomingPack> packs)
        : this(packs, [.. packs.Select(pack => new bool[pack.Pack.Count])])
    {
    }

    private IngestCensus(IReadOnlyList<IncomingPack> packs, bool[][] inStore)
    {
        _packs = packs;
        _inStore = inStore;
        _inEarlier = [.. packs.Select(pack => new bool[pack.Pack.Count])];
        _appendedAgain = packs.Sum(pack => (long)pack.Appended.Count);
    }

    public IReadOnlyList<IncomingPack> Packs => _packs;

    /// <summary>Objects that neither the store nor an earlier pack has.</summary>
    public long NewCount => Enumerable.Range(0, _packs.Count).Sum(CountNew);

    /// <summary>Objects received although they were here; bases appended to thin packs were not received.</summary>
    public long KnownCount => _packs.Sum(pack => (long)pack.Pack.Count) - NewCount - _appendedAgain;

    /// <summary>Several ingests as one, in that order: what each has found in the store stays found, and they are to be compared with each other.</summary>
    public static IngestCensus Join(IReadOnlyList<IngestCensus> members) =>
        new([.. members.SelectMany(one => one._packs)], [.. members.SelectMany(one => one._inStore)]);

    /// <summary>Takes note of what the store has by now. Answers what has become known, to be compared; without bases that came from here.</summary>
    /// <param name="inStore">For each pack, for each position, whether the store has it.</param>
    public IReadOnlyList<KnownObjects> Look(IReadOnlyList<bool[]> inStore)
    {
        var found = new List<KnownObjects>();
        for (int i = 0; i < _packs.Count; i++)
        {
            AddFound(found, _packs[i], inStore[i], _inStore[i], null);
            _inStore[i] = inStore[i];
        }

        if (!_comparedEarlier)
        {
            _comparedEarlier = true;
            LookAtEarlier(found);
        }

        return found;
    }

    /// <summary>Whether a pack has anything new; a merged one was made because it had.</summary>
    public bool IsNeeded(IncomingPack pack)
    {
        for (int i = 0; i < _packs.Count; i++)
        {
            if (ReferenceEquals(_packs[i], pack))
            {
                return _inStore[i].Where((known, position) => !known && !_inEarlier[i][position]).Any();
            }
        }

        return _merged.Contains(pack);
    }

    /// <summary>New objects of some of the packs.</summary>
    public long CountNewIn(IReadOnlyList<IncomingPack> packs) => Enumerable.Range(0, _packs.Count).Where(i => packs.Contains(_packs[i])).Sum(CountNew);

    /// <summary>Objects of some of the packs that came although they were here; without bases that came from here.</summary>
    public long CountKnownIn(IReadOnlyList<IncomingPack> packs) => packs.Sum(pack => (long)pack.Pack.Count - pack.Appended.Count) - CountNewIn(packs);

    /// <summary>Takes note of a pack that stands for several of the ingest.</summary>
    public void AddMerged(IncomingPack merged) => _merged.Add(merged);

    /// <summary>Tells each new object once, with its type.</summary>
    public void TellNew(Action<Oid, ObjectType> newObjects) => TellNewIn(_packs, newObjects);

    /// <summary>Tells each new object of some of the packs once, with its type.</summary>
    public void TellNewIn(IReadOnlyList<IncomingPack> packs, Action<Oid, ObjectType> newObjects)
    {
        for (int i = 0; i < _packs.Count; i++)
        {
            if (!packs.Contains(_packs[i]))
            {
                continue;
            }

            IndexedPack pack = _packs[i].Pack;
            ObjectType[]? types = null;
            for (int position = 0; position < pack.Count; position++)
            {
                if (!_inStore[i][position] && !_inEarlier[i][position])
                {
                    newObjects(pack.Oids[position], (types ??= pack.ListTypes())[position]);
                }
            }
        }
    }

    private long CountNew(int pack) => _inStore[pack].Where((known, position) => !known && !_inEarlier[pack][position]).LongCount();

    private void LookAtEarlier(List<KnownObjects> found)
    {
        for (int i = 1; i < _packs.Count; i++)
        {
            for (int earlier = 0; earlier < i; earlier++)
            {
                bool[] now = new bool[_packs[i].Pack.Count];
                for (int position = 0; position < now.Length; position++)
                {
                    now[position] = !_inStore[i][position] && _packs[earlier].Pack.TryFind(_packs[i].Pack.Oids[position], out _);
                    _inEarlier[i][position] |= now[position];
                }

                AddFound(found, _packs[i], now, new bool[now.Length], _packs[earlier]);
            }
        }
    }

    private static void AddFound(List<KnownObjects> found, IncomingPack pack, bool[] now, bool[] before, IncomingPack? earlier)
    {
        var positions = new List<int>();
        for (int position = 0; position < now.Length; position++)
        {
            if (now[position] && !before[position] && !pack.Appended.Contains(pack.Pack.Oids[position]))
            {
                positions.Add(position);
            }
        }

        if (positions.Count > 0)
        {
            found.Add(new KnownObjects(pack, positions, earlier));
        }
    }
}
