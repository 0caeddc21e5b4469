using Actors.Git.Objects;

namespace Actors.Sync.Workspaces;

/// <summary>What becomes of a blob on its way into a file.</summary>
internal abstract class FileConversion
{
    /// <summary>Files are their blobs.</summary>
    public static FileConversion None { get; } = new Identity();

    /// <summary>The bytes of the file.</summary>
    public abstract ReadOnlyMemory<byte> Convert(ReadOnlySpan<byte> path, Oid oid, ReadOnlyMemory<byte> blob);

    private sealed class Identity : FileConversion
    {
        public override ReadOnlyMemory<byte> Convert(ReadOnlySpan<byte> path, Oid oid, ReadOnlyMemory<byte> blob) => blob;
    }
}
