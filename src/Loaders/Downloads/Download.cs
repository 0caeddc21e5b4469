using Actors.Git.Remotes;

namespace Actors.Loaders.Downloads;

/// <summary>A file that is being downloaded, or why it is not.</summary>
/// <param name="Body">Its bytes as the server has them, to be disposed; null when it failed.</param>
/// <param name="Failure">What the server did, or null.</param>
/// <param name="Length">Its length, where the server said it.</param>
/// <param name="LastModified">When it was last changed, where the server said it.</param>
/// <param name="Validator">What the server calls it, or null.</param>
/// <param name="IsUnchanged">There is no body: it is what it was.</param>
/// <param name="IsEncoded">The server says that a body which was asked for as it is was packed once more; nothing was unpacked.</param>
internal readonly record struct Download(Stream? Body, RemoteFailure? Failure, long? Length = null, DateTimeOffset? LastModified = null, bool IsEncoded = false,
    string? Validator = null, bool IsUnchanged = false);
