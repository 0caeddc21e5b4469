using Actors.Store.Blobs;

namespace Actors.Store.Tests.Blobs;

public sealed class MemoryBlobStoreTests : BlobStoreConformance
{
    protected override Task<IBlobStore> OpenAsync() => Task.FromResult<IBlobStore>(new MemoryBlobStore(TimeProvider.System));

    protected override IBlobStore OpenAgain() => Store;
}
