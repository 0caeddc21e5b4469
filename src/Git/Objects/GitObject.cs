namespace Actors.Git.Objects;

/// <summary>One object in memory: its type and its bytes exactly as git hashes them after the header.</summary>
/// <param name="Type">Never <see cref="ObjectType.None"/>.</param>
/// <param name="Content">The content, without the <c>type length\0</c> header.</param>
public sealed record GitObject(ObjectType Type, ReadOnlyMemory<byte> Content);
