namespace Actors.Git.Lfs;

/// <summary>What a server says about one object that it does not give (docs/api/batch.md, "Response Errors").</summary>
/// <param name="Code">As HTTP's statuses: 404 not there, 409 other hash, 410 removed, 422 cannot be.</param>
/// <param name="Message">For a person.</param>
public sealed record LfsObjectError(int Code, string Message);
