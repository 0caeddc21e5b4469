namespace Actors.Store.Catalogue;

/// <summary>How an attempt to make a pack visible ended.</summary>
internal enum PackCommitStatus
{
    /// <summary>Visible and durable.</summary>
    Committed,

    /// <summary>The caller decided so under the lock, or a pack to be replaced was replaced by another: nothing changed, the intent stays.</summary>
    Declined,

    /// <summary>The upload was given up meanwhile, and its blobs are being removed: nothing changed.</summary>
    GivenUp,
}
