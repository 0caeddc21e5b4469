using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;

namespace Actors.Store.Blobs.S3;

public sealed partial class S3BlobStore
{
    /// <summary>An address from which anybody may read one blob for a while: signed, or without credentials the plain one.</summary>
    /// <param name="key">Which; it need not be there.</param>
    /// <param name="lifetime">Services take at most seven days, and no more than temporary credentials last.</param>
    /// <exception cref="BlobStoreException">There are no credentials.</exception>
    public async Task<Uri> LinkAsync(BlobKey key, TimeSpan lifetime)
    {
        try
        {
            string address = await _client.GetPreSignedURLAsync(new GetPreSignedUrlRequest
            {
                BucketName = _place.Bucket,
                Key = NameOf(key),
                Verb = HttpVerb.GET,
                // The SDK compares with the machine's own clock, whatever ours says.
                Expires = TimeProvider.System.GetUtcNow().UtcDateTime + lifetime,
                Protocol = IsEncrypted ? Protocol.HTTPS : Protocol.HTTP,
            }).ConfigureAwait(false);
            Uri link = new(address);
            return _settings.IsAnonymous ? new Uri(link.GetLeftPart(UriPartial.Path)) : link;
        }
        catch (AmazonClientException e)
        {
            throw new BlobStoreException($"{Location}: {e.Message}", isTransient: false, e);
        }
    }
}
