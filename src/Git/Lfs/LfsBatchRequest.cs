namespace Actors.Git.Lfs;

/// <summary>A batch as a client asks for it.</summary>
/// <param name="Operation"><c>download</c> or <c>upload</c>.</param>
/// <param name="Transfers">Adapters that the client knows; empty stands for <c>basic</c>.</param>
/// <param name="Objects">At most <see cref="Limits.LfsBatchObjectsMax"/>.</param>
public sealed record LfsBatchRequest(string Operation, IReadOnlyList<string> Transfers, IReadOnlyList<LfsObject> Objects);
