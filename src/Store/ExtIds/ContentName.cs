using Actors.Git.Objects;

namespace Actors.Store.ExtIds;

/// <summary>The names of one content: plain digests of its bytes, as ecosystems publish them, and the blob that it is.</summary>
/// <param name="Oid">The blob.</param>
/// <param name="Sha1">SHA-1 of the bytes alone, in lower-case hex.</param>
/// <param name="Sha256">SHA-256 of the bytes alone, in lower-case hex.</param>
/// <param name="Length">Bytes.</param>
public readonly record struct ContentName(Oid Oid, string Sha1, string Sha256, long Length);
