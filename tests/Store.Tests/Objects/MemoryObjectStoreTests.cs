using Actors.Git.Objects;
using Actors.Store.Objects;

namespace Actors.Store.Tests.Objects;

public sealed class MemoryObjectStoreTests : ObjectStoreTests
{
    protected override Task<IObjectStore> OpenAsync() => Task.FromResult<IObjectStore>(new MemoryObjectStore());

    protected override Task<IObjectStore> OpenHoldingAsync(IReadOnlyList<KeyValuePair<Oid, GitObject>> objects) =>
        Task.FromResult<IObjectStore>(new MemoryObjectStore(objects));
}
