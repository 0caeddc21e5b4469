using Actors.Git.Remotes;

namespace Actors.Store.Listings;

/// <summary>Listings that live as long as their object: for tests and runs that keep nothing.</summary>
public sealed class MemoryListingStore : IListingStore
{
    private readonly Lock _lock = new();
    private readonly Dictionary<RepositoryUrl, ListedRepository> _repositories = [];
    private readonly Dictionary<string, ListingState> _states = new(StringComparer.Ordinal);

    public ValueTask<IReadOnlyList<ListedRepository?>> FindListedAsync(IReadOnlyList<RepositoryUrl> urls, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(urls);
        lock (_lock)
        {
            return new([.. urls.Select(url => _repositories.GetValueOrDefault(url))]);
        }
    }

    public ValueTask SaveListedAsync(IReadOnlyList<ListedRepository> repositories, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (_lock)
        {
            foreach ((RepositoryUrl url, ListedRepository listed) in ListedRepository.Merge(repositories))
            {
                _repositories[url] = listed.Over(_repositories.GetValueOrDefault(url));
            }
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask<ListingState?> FindListingAsync(string source, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(source);
        lock (_lock)
        {
            return new(_states.GetValueOrDefault(source));
        }
    }

    public ValueTask SaveListingAsync(ListingState state, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(state);
        lock (_lock)
        {
            _states[state.Source] = state.Kept();
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
