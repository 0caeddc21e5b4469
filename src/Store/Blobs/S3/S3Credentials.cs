using Amazon.Runtime;

namespace Actors.Store.Blobs.S3;

/// <summary>Keys given by a program itself, not found by the SDK's chain. What they are is never printed.</summary>
/// <param name="accessKey">The key's id.</param>
/// <param name="secretKey">The secret.</param>
/// <param name="sessionToken">Of temporary credentials.</param>
public sealed class S3Credentials(string accessKey, string secretKey, string? sessionToken = null)
{
    internal AWSCredentials ForSdk() => sessionToken is null
        ? new BasicAWSCredentials(accessKey, secretKey)
        : new SessionAWSCredentials(accessKey, secretKey, sessionToken);
}
