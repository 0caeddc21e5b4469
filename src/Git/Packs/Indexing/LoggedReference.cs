using System.Runtime.InteropServices;
using Actors.Git.Objects;

namespace Actors.Git.Packs.Indexing;

/// <summary>A reference seen, in 24 bytes.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 4, Size = 24)]
internal readonly record struct LoggedReference(Oid Oid, ObjectType Type);
