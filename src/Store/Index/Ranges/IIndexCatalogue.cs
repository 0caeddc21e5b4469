using Actors.Store.Blobs;
using Actors.Store.Catalogue;

namespace Actors.Store.Index.Ranges;

/// <summary>
/// What the shared index needs of a store's catalogue. Each call is one transaction. Sequences of packs are dense, in the order in which
/// packs become visible: who has seen n has seen all up to n.
/// </summary>
internal interface IIndexCatalogue
{
    /// <summary>Goes up with every change of the runs: cheap to ask.</summary>
    Task<long> ReadRunGenerationAsync(CancellationToken cancellationToken);

    /// <summary>The runs as they are now. Those of one range tile the sequences from 1 on.</summary>
    Task<List<CatalogueRun>> ListRunsAsync(CancellationToken cancellationToken);

    /// <summary>Packs that became visible after a sequence, in order, replaced ones too; of those after another sequence the oids too, where the catalogue has them.</summary>
    Task<List<CataloguePack>> ListPacksAfterAsync(long sequence, long oidsAfter, CancellationToken cancellationToken);

    /// <summary>Takes note of blobs before the first byte of them goes up. What is not listed a day later is removed.</summary>
    Task<UploadIntent> BeginUploadAsync(Func<long, IReadOnlyList<BlobKey>> name, CancellationToken cancellationToken);

    /// <summary>Takes the right to change a range's runs, or keeps it for longer. Null: another has it, or had it meanwhile.</summary>
    /// <param name="range">Which.</param>
    /// <param name="token">Of the lease to keep; 0: a new one, with a token that is greater than all before.</param>
    /// <param name="duration">After this, anybody may take it.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task<IndexLease?> TryLeaseRangeAsync(int range, long token, TimeSpan duration, CancellationToken cancellationToken);

    /// <summary>Gives the right back before its time; one that is another's by now stays.</summary>
    Task ReturnRangeAsync(IndexLease lease, CancellationToken cancellationToken);

    /// <summary>Lists a run, whose blob is up, in the place of others, in one step.</summary>
    /// <param name="lease">Of the run's range.</param>
    /// <param name="replaced">Listed runs of the same range, by number; they and the new one cover the same packs, or the new one more after them.</param>
    /// <param name="added">Its number is its upload's; its generation is given here.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>False, and nothing has changed: the lease went to another meanwhile, a run was replaced, or the upload given up.</returns>
    Task<bool> ListRunAsync(IndexLease lease, IReadOnlyList<long> replaced, CatalogueRun added, CancellationToken cancellationToken);

    /// <summary>Tells others where this process answers, and for which ranges.</summary>
    /// <returns>Its number.</returns>
    Task<long> RegisterAsync(string endpoint, IReadOnlyList<int> ranges, CancellationToken cancellationToken);

    /// <summary>Says that a registered process lives, and for which ranges it answers now. False: it was removed as dead, and registers anew.</summary>
    Task<bool> BeatAsync(long id, IReadOnlyList<int> ranges, CancellationToken cancellationToken);

    /// <summary>Removes a process that ends.</summary>
    Task RemoveProcessAsync(long id, CancellationToken cancellationToken);

    /// <summary>Processes that have said since a time that they live, in order of number.</summary>
    Task<List<IndexProcess>> ListProcessesAsync(DateTimeOffset since, CancellationToken cancellationToken);

    /// <summary>What was settled when the store was made; settles it for a new one.</summary>
    Task<IndexSettings> MakeIndexSettingsAsync(int rangesIfNew, CancellationToken cancellationToken);
}
