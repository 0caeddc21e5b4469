using Actors.Sync.Engines;

namespace Actors.Grains.Repositories;

/// <summary>The steps of the campaigns of late: their options are the same for each of millions of visits.</summary>
internal sealed class SyncStepCache(VisitSteps steps)
{
    private volatile Entry? _last;

    public SyncStep Find(VisitOrder order)
    {
        VisitOrder key = order with { Silo = null, Permit = 0, ComesAgain = false, Campaign = 0 };
        if (_last is { } last && last.Key == key)
        {
            return last.Step;
        }

        Entry made = new(key, steps(order.ToOptions(Environment.ProcessorCount)));
        _last = made;
        return made.Step;
    }

    private sealed record Entry(VisitOrder Key, SyncStep Step);
}
