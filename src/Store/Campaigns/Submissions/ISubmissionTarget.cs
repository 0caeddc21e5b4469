namespace Actors.Store.Campaigns.Submissions;

/// <summary>Where a submission's parts go: a store's tables.</summary>
internal interface ISubmissionTarget
{
    /// <summary>Writes a part, all or nothing.</summary>
    /// <exception cref="IOException">The submission was given up by others, or the store failed.</exception>
    Task WriteAsync(SubmissionPart part, CancellationToken cancellationToken);
}
