using Actors.Git.Objects;
using Actors.Store.Objects;

namespace Actors.Sync.Mirrors;

/// <summary>Questions to a store that mirrors ask.</summary>
internal static class StoreQueries
{
    /// <summary>Which of these the store does not have, each once.</summary>
    public static async Task<IReadOnlyList<Oid>> FindAbsentAsync(this IObjectStore objects, IEnumerable<Oid> oids, CancellationToken cancellationToken)
    {
        Oid[] sorted = [.. oids.Distinct().Order()];
        bool[] present = new bool[sorted.Length];
        await objects.ContainsAsync(sorted, present, cancellationToken).ConfigureAwait(false);
        return [.. sorted.Where((_, i) => !present[i])];
    }
}
