using Actors.Git.Objects;
using Actors.Store.Catalogue;

namespace Actors.Store.Index.Ranges;

/// <summary>A range on its way to a newer state. Until it is applied, what was opened for it is its own.</summary>
internal sealed class PendingRange(int range, RangeIndex index) : IDisposable
{
    /// <summary>Oids kept in memory before they are put in.</summary>
    private const int OidsMax = 1 << 18;

    private readonly List<(long Pack, ReadOnlyMemory<Oid> Oids)> _added = [];
    private int _oids;

    public int Range => range;

    public RangeIndex Index => index;

    /// <summary>The runs of the newer state.</summary>
    public IReadOnlyList<CatalogueRun> Listed { get; set; } = [];

    /// <summary>Those that the range does not have open.</summary>
    public List<IndexRun> Opened { get; } = [];

    /// <summary>Packs that the range lacks, in order.</summary>
    public IReadOnlyList<CataloguePack> Packs { get; set; } = [];

    /// <summary>Brings one of the packs.</summary>
    public void Add(long pack, Oid[] oids)
    {
        _added.Add((pack, oids));
        _oids += oids.Length;
        if (_oids >= OidsMax)
        {
            // More of the same state: packs may be found before all are there, runs change with the last step.
            index.Apply(new RangeUpdate(index.Applied, index.Listed, [], _added));
            _added.Clear();
            _oids = 0;
        }
    }

    /// <summary>Ends the way.</summary>
    public void Apply(long sequence)
    {
        IndexRun[] opened = [.. Opened];
        Opened.Clear();
        index.Apply(new RangeUpdate(sequence, Listed, opened, _added));
    }

    public void Dispose()
    {
        Opened.ForEach(run => run.RemoveUser());
        Opened.Clear();
    }
}
