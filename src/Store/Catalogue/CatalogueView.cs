using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;

namespace Actors.Store.Catalogue;

/// <summary>
/// This process's copy of the list of packs, up to some sequence. Goes forwards only, and never lacks a pack below its sequence.
/// Reading takes no lock.
/// </summary>
internal sealed class CatalogueView
{
    private readonly Lock _adding = new();
    private readonly ConcurrentDictionary<long, CataloguePack> _packs = new();
    private long _lastSequence;

    /// <summary>All packs up to this one are known here.</summary>
    public long LastSequence => Volatile.Read(ref _lastSequence);

    /// <summary>Packs that are visible, in order of sequence.</summary>
    public IReadOnlyList<CataloguePack> Visible() => [.. _packs.Values.Where(pack => pack.ReplacedBy is null).OrderBy(pack => pack.Sequence)];

    /// <summary>Packs after a sequence, in order, replaced ones too.</summary>
    public IReadOnlyList<CataloguePack> ListAfter(long sequence)
    {
        var packs = new List<CataloguePack>();
        for (long next = sequence + 1, last = LastSequence; next <= last; next++)
        {
            packs.Add(_packs[next]);
        }

        return packs;
    }

    /// <summary>Packs after a sequence that were visible when a later one was the last; in order.</summary>
    public IEnumerable<CataloguePack> VisibleAt(long sequence, long after)
    {
        for (long one = after + 1; one <= sequence; one++)
        {
            if (_packs.TryGetValue(one, out CataloguePack? pack) && (pack.ReplacedBy is null || pack.ReplacedBy > sequence))
            {
                yield return pack;
            }
        }
    }

    /// <summary>The pack that has the objects of a pack now: itself, or what it was merged into. False: the sequence is newer than this view.</summary>
    public bool TryResolve(long sequence, [NotNullWhen(true)] out CataloguePack? pack)
    {
        while (_packs.TryGetValue(sequence, out pack) && pack.ReplacedBy is long next)
        {
            sequence = next;
        }

        return pack is not null;
    }

    /// <summary>Takes in what the catalogue says came after <see cref="LastSequence"/>, or after some earlier sequence; without oids, which are the object index's.</summary>
    public void Add(IReadOnlyList<CataloguePack> packs)
    {
        lock (_adding)
        {
            foreach (CataloguePack pack in packs.Where(pack => pack.Sequence > _lastSequence))
            {
                // The new one first: a reader that is sent on finds it.
                _packs[pack.Sequence] = pack with { Oids = null };
                foreach (long replaced in pack.Replaces)
                {
                    if (_packs.TryGetValue(replaced, out CataloguePack? old) && old.ReplacedBy is null)
                    {
                        _packs[replaced] = old with { ReplacedBy = pack.Sequence };
                    }
                }

                Volatile.Write(ref _lastSequence, pack.Sequence);
            }
        }
    }
}
