using Actors.Store.Blobs;
using Actors.TestKit.Servers;
using Xunit;

namespace Actors.Store.Tests.Objects;

public sealed class SharedObjectStoreOnS3Tests(SharedPostgres postgres) : SharedObjectStoreConformance(postgres)
{
    protected override async Task<Func<IBlobStore>?> MakeBlobsAsync()
    {
        S3Server server = await S3Server.SharedAsync(Assert.Skip);
        string bucket = await server.MakeBucketAsync();
        return () => server.Open(bucket, "store");
    }
}
