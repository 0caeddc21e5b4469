using Actors.Store.ExtIds;

namespace Actors.Store.Tests.ExtIds;

public sealed class MemoryExtIdStoreTests : ExtIdStoreConformance
{
    protected override Task<IExtIdStore> OpenAsync() => Task.FromResult<IExtIdStore>(new MemoryExtIdStore());
}
