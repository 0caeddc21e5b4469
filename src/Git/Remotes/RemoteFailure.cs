namespace Actors.Git.Remotes;

/// <summary>Why an exchange with a remote did not succeed.</summary>
/// <param name="Kind">What happened.</param>
/// <param name="Message">For a person; without credentials, at most <see cref="Limits.RemoteMessageCharsMax"/> characters of the remote's own words, control characters removed.</param>
/// <param name="HttpStatus">The HTTP status, where one was received.</param>
/// <param name="RetryAfter">How long the remote asked us to wait, where it did.</param>
public sealed record RemoteFailure(RemoteFailureKind Kind, string Message, int? HttpStatus = null, TimeSpan? RetryAfter = null);
