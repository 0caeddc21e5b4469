using System.Buffers;
using Actors.Git.Remotes;

namespace Actors.Loaders.Downloads;

/// <summary>A registry's whole answer, or why there is none.</summary>
/// <param name="Bytes">Decompressed; empty when it failed.</param>
/// <param name="Failure">What the registry did, or null.</param>
/// <param name="Validator">What the registry calls this answer, or null.</param>
/// <param name="IsUnchanged">It would answer what it called by the validator that it was asked with.</param>
/// <param name="Rented">What the bytes lie in, when that may go back to the pool of arrays.</param>
internal readonly record struct RegistryReply(
    ReadOnlyMemory<byte> Bytes, RemoteFailure? Failure, string? Validator = null, bool IsUnchanged = false, byte[]? Rented = null)
{
    /// <summary>Gives the bytes back, where nobody reads them any more.</summary>
    public void Return()
    {
        if (Rented is not null)
        {
            ArrayPool<byte>.Shared.Return(Rented);
        }
    }
}
