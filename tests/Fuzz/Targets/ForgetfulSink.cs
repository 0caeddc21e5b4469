using Actors.Git.Objects;
using Actors.Loaders.Objects;

namespace Actors.Fuzz.Targets;

/// <summary>Hashes contents and keeps none.</summary>
internal sealed class ForgetfulSink : IContentSink
{
    public ValueTask<ReadOnlyMemory<byte>?> RecallAsync(Oid oid, CancellationToken cancellationToken) =>
        ValueTask.FromResult<ReadOnlyMemory<byte>?>(null);

    public ValueTask<Oid> AddAsync(string path, byte[] content, CancellationToken cancellationToken) => new(ObjectHash.Compute(ObjectType.Blob, content));

    /// <summary>Runs work that waits for nothing; a bad archive is bad bytes to the harness.</summary>
    public static void Run(Func<Task> work)
    {
        try
        {
            work().GetAwaiter().GetResult();
        }
        catch (ArchiveException e)
        {
            throw new Git.GitFormatException(default, e.Message, -1, e);
        }
    }
}
