using Actors.Git;
using Actors.Git.Objects;
using LibGit2Sharp;
using GitObject = Actors.Git.Objects.GitObject;
using ObjectType = Actors.Git.Objects.ObjectType;
using Oid = Actors.Git.Objects.Oid;

namespace Actors.Sync.Workspaces;

/// <summary>
/// A store as an object database of libgit2, read only: any store, also one that is no folder. libgit2 calls it from its own
/// threads and waits, so each call waits for the store; it is for work in this process, not for making workspaces.
/// </summary>
/// <param name="objects">The store.</param>
internal sealed class StoreBackend(IObjectSource objects) : OdbBackend
{
    protected override OdbBackendOperations SupportedOperations =>
        OdbBackendOperations.Read | OdbBackendOperations.ReadHeader | OdbBackendOperations.Exists;

    public override int Read(ObjectId id, out UnmanagedMemoryStream? data, out LibGit2Sharp.ObjectType objectType)
    {
        data = null;
        objectType = default;
        if (Find(id) is not { } found)
        {
            return (int)ReturnCode.GIT_ENOTFOUND;
        }

        data = Allocate(found.Content.Length);
        data.Write(found.Content.Span);
        objectType = TypeOf(found.Type);
        return (int)ReturnCode.GIT_OK;
    }

    public override int ReadHeader(ObjectId id, out int length, out LibGit2Sharp.ObjectType objectType)
    {
        GitObject? found = Find(id);
        length = found?.Content.Length ?? 0;
        objectType = found is null ? default : TypeOf(found.Type);
        return (int)(found is null ? ReturnCode.GIT_ENOTFOUND : ReturnCode.GIT_OK);
    }

    public override bool Exists(ObjectId id) => Find(id) is not null;

    public override int ReadPrefix(string shortSha, out ObjectId? oid, out UnmanagedMemoryStream? data, out LibGit2Sharp.ObjectType objectType)
    {
        (oid, data, objectType) = (null, null, default);
        return (int)ReturnCode.GIT_ENOTFOUND;
    }

    public override int ExistsPrefix(string shortSha, out ObjectId? found)
    {
        found = null;
        return (int)ReturnCode.GIT_ENOTFOUND;
    }

    public override int Write(ObjectId id, Stream dataStream, long length, LibGit2Sharp.ObjectType objectType) => (int)ReturnCode.GIT_EUSER;

    public override int ReadStream(ObjectId id, out OdbBackendStream? stream)
    {
        stream = null;
        return (int)ReturnCode.GIT_EUSER;
    }

    public override int WriteStream(long length, LibGit2Sharp.ObjectType objectType, out OdbBackendStream? stream)
    {
        stream = null;
        return (int)ReturnCode.GIT_EUSER;
    }

    public override int ForEach(ForEachCallback callback) => (int)ReturnCode.GIT_EUSER;

    private GitObject? Find(ObjectId id)
    {
        try
        {
            ValueTask<GitObject?> read = objects.ReadAsync(Oid.FromBytes(id.RawId), int.MaxValue, CancellationToken.None);
            return read.IsCompletedSuccessfully ? read.GetAwaiter().GetResult() : read.AsTask().GetAwaiter().GetResult();
        }
        catch (GitFormatException)
        {
            // To libgit2 what cannot be read is not there; nothing may be thrown through it.
            return null;
        }
    }

    private static LibGit2Sharp.ObjectType TypeOf(ObjectType type) => type switch
    {
        ObjectType.Commit => LibGit2Sharp.ObjectType.Commit,
        ObjectType.Tree => LibGit2Sharp.ObjectType.Tree,
        ObjectType.Tag => LibGit2Sharp.ObjectType.Tag,
        _ => LibGit2Sharp.ObjectType.Blob,
    };
}
