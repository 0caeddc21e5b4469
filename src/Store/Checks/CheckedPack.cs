using Actors.Git.Objects;

namespace Actors.Store.Checks;

/// <summary>A visible pack.</summary>
/// <param name="Key">Names it in its store.</param>
/// <param name="Name">Its checksum.</param>
/// <param name="PackBytes">Bytes of the pack.</param>
internal readonly record struct CheckedPack(Oid Key, Oid Name, long PackBytes);
