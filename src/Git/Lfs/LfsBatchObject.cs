namespace Actors.Git.Lfs;

/// <summary>One object of a reply: an action, an error, or neither: then there is nothing to do, or the server left it out.</summary>
/// <param name="Object">Which.</param>
/// <param name="Download">Where to have it.</param>
/// <param name="Error">Why not.</param>
public sealed record LfsBatchObject(LfsObject Object, LfsAction? Download, LfsObjectError? Error);
