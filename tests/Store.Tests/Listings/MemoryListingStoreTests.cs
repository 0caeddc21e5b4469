using Actors.Store.Listings;

namespace Actors.Store.Tests.Listings;

public sealed class MemoryListingStoreTests : ListingStoreConformance
{
    protected override Task<IListingStore> OpenAsync() => Task.FromResult<IListingStore>(new MemoryListingStore());
}
