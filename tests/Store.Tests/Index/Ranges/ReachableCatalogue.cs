using Actors.Store.Blobs;
using Actors.Store.Catalogue;
using Actors.Store.Index.Ranges;

namespace Actors.Store.Tests.Index.Ranges;

/// <summary>One process's way to the catalogue, which tests cut, and whose steps they stop at.</summary>
internal sealed class ReachableCatalogue(IIndexCatalogue catalogue) : IIndexCatalogue
{
    public bool IsReachable { get; set; } = true;

    /// <summary>Told before each call, by the method's name; may throw or wait.</summary>
    public Func<string, Task> Before { get; set; } = _ => Task.CompletedTask;

    /// <summary>Told after each call.</summary>
    public Func<string, Task> After { get; set; } = _ => Task.CompletedTask;

    public Task<long> ReadRunGenerationAsync(CancellationToken cancellationToken) =>
        CallAsync(nameof(ReadRunGenerationAsync), () => catalogue.ReadRunGenerationAsync(cancellationToken));

    public Task<List<CatalogueRun>> ListRunsAsync(CancellationToken cancellationToken) =>
        CallAsync(nameof(ListRunsAsync), () => catalogue.ListRunsAsync(cancellationToken));

    public Task<List<CataloguePack>> ListPacksAfterAsync(long sequence, long oidsAfter, CancellationToken cancellationToken) =>
        CallAsync(nameof(ListPacksAfterAsync), () => catalogue.ListPacksAfterAsync(sequence, oidsAfter, cancellationToken));

    public Task<UploadIntent> BeginUploadAsync(Func<long, IReadOnlyList<BlobKey>> name, CancellationToken cancellationToken) =>
        CallAsync(nameof(BeginUploadAsync), () => catalogue.BeginUploadAsync(name, cancellationToken));

    public Task<IndexLease?> TryLeaseRangeAsync(int range, long token, TimeSpan duration, CancellationToken cancellationToken) =>
        CallAsync(nameof(TryLeaseRangeAsync), () => catalogue.TryLeaseRangeAsync(range, token, duration, cancellationToken));

    public Task ReturnRangeAsync(IndexLease lease, CancellationToken cancellationToken) =>
        CallAsync(nameof(ReturnRangeAsync), async () =>
        {
            await catalogue.ReturnRangeAsync(lease, cancellationToken);
            return true;
        });

    public Task<bool> ListRunAsync(IndexLease lease, IReadOnlyList<long> replaced, CatalogueRun added, CancellationToken cancellationToken) =>
        CallAsync(nameof(ListRunAsync), () => catalogue.ListRunAsync(lease, replaced, added, cancellationToken));

    public Task<long> RegisterAsync(string endpoint, IReadOnlyList<int> ranges, CancellationToken cancellationToken) =>
        CallAsync(nameof(RegisterAsync), () => catalogue.RegisterAsync(endpoint, ranges, cancellationToken));

    public Task<bool> BeatAsync(long id, IReadOnlyList<int> ranges, CancellationToken cancellationToken) =>
        CallAsync(nameof(BeatAsync), () => catalogue.BeatAsync(id, ranges, cancellationToken));

    public Task RemoveProcessAsync(long id, CancellationToken cancellationToken) =>
        CallAsync(nameof(RemoveProcessAsync), async () =>
        {
            await catalogue.RemoveProcessAsync(id, cancellationToken);
            return true;
        });

    public Task<List<IndexProcess>> ListProcessesAsync(DateTimeOffset since, CancellationToken cancellationToken) =>
        CallAsync(nameof(ListProcessesAsync), () => catalogue.ListProcessesAsync(since, cancellationToken));

    public Task<IndexSettings> MakeIndexSettingsAsync(int rangesIfNew, CancellationToken cancellationToken) =>
        CallAsync(nameof(MakeIndexSettingsAsync), () => catalogue.MakeIndexSettingsAsync(rangesIfNew, cancellationToken));

    private async Task<T> CallAsync<T>(string name, Func<Task<T>> call)
    {
        await Before(name);
        if (!IsReachable)
        {
            throw new IOException("The catalogue cannot be reached.");
        }

        T answer = await call();
        await After(name);
        return answer;
    }
}
