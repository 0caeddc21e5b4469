using Actors.Store.Index.Shared;

namespace Actors.Store.Tests.Index.Shared;

public sealed class MemoryIndexCatalogueTests : IndexCatalogueConformance
{
    private protected override Task<IIndexCatalogue> OpenAsync() => Task.FromResult<IIndexCatalogue>(new MemoryIndexCatalogue(Clock));
}
