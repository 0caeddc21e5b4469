using Actors.Git.Objects;

namespace Actors.Git.Tests.Packs;

/// <summary>Bases for thin packs. Tells what was asked for.</summary>
internal sealed class ObjectsInMemory : IObjectSource
{
    private readonly Dictionary<Oid, GitObject> _objects = [];

    public List<Oid> Asked { get; } = [];

    public Oid Add(ObjectType type, byte[] content)
    {
        Oid oid = ObjectHash.Compute(type, content);
        _objects[oid] = new GitObject(type, content);
        return oid;
    }

    /// <summary>Gives an object under a name that is not its own.</summary>
    public void AddFalse(Oid oid, ObjectType type, byte[] content) => _objects[oid] = new GitObject(type, content);

    public ValueTask<GitObject?> ReadAsync(Oid oid, long contentBytesMax, CancellationToken cancellationToken)
    {
        Asked.Add(oid);
        return ValueTask.FromResult(_objects.GetValueOrDefault(oid));
    }
}
