using Actors.Store.ExtIds;

namespace Actors.Store.Tests.ExtIds;

public sealed class MemoryExtIdStoreTests : ExtIdStoreConformance
{
    protected override IExtIdStore Open() => new MemoryExtIdStore();
}
