namespace Actors.Store.Blobs;

/// <summary>A blob store refused or could not be reached, after retries. The message names the store, the key and what was answered, never credentials.</summary>
public sealed class BlobStoreException(string message, bool isTransient, Exception? cause = null) : IOException(message, cause)
{
    /// <summary>True: trying again later may help (not reachable, overloaded). False: it will not (no such bucket, access denied).</summary>
    public bool IsTransient { get; } = isTransient;
}
