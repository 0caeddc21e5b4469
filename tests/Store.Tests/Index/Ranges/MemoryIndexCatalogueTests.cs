using Actors.Store.Index.Ranges;

namespace Actors.Store.Tests.Index.Ranges;

public sealed class MemoryIndexCatalogueTests : IndexCatalogueConformance
{
    private protected override Task<IIndexCatalogue> OpenAsync() => Task.FromResult<IIndexCatalogue>(new MemoryIndexCatalogue(Clock));
}
