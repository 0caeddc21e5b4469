using System.Runtime.InteropServices;
using Actors.Git.Objects;

namespace Actors.Git.Packs.Indexing;

/// <summary>
/// The references that one thread sees: those seen lately are left out by a small direct-mapped memory, for most trees
/// repeat most of what the tree before them said.
/// </summary>
internal sealed unsafe class ReferenceLog : IDisposable
{
    private const int SeenCount = 1 << 13;

    private readonly NativeList<LoggedReference> _references = new();
    private LoggedReference* _seen = (LoggedReference*)NativeMemory.AllocZeroed(SeenCount, (nuint)sizeof(LoggedReference));

    private bool _isUsed;

    ~ReferenceLog() => Free();

    /// <summary>What was seen since <see cref="Clear"/>, with few repetitions.</summary>
    public ReadOnlySpan<LoggedReference> References => _references.Span;

    public int Count => _references.Count;

    public void Add(Oid oid, ObjectType type)
    {
        _isUsed = true;
        var reference = new LoggedReference(oid, type);
        ref LoggedReference seen = ref _seen[(int)(oid.Prefix & (SeenCount - 1))];
        if (seen != reference)
        {
            seen = reference;
            _references.Add(reference);
        }
    }

    /// <summary>Lists an object's references; of a tree, also its starts where they are wanted.</summary>
    public void AddObject(ObjectType type, in ObjectBuffer buffer)
    {
        switch (type)
        {
            case ObjectType.Tree:
                TreeReferences.AddAll(this, buffer);
                break;
            case ObjectType.Commit:
                AddCommit(new ReadOnlySpan<byte>(buffer.Content, checked((int)buffer.Size)));
                break;
            case ObjectType.Tag:
                ObjectReference target = ObjectReferences.ReadTag(new ReadOnlySpan<byte>(buffer.Content, checked((int)buffer.Size)));
                Add(target.Oid, target.Type);
                break;
        }
    }

    /// <summary>Empties the log, its memory included: what was seen before may have been discarded.</summary>
    public void Forget()
    {
        _references.Clear();
        if (!_isUsed)
        {
            return;
        }

        _isUsed = false;
        NativeMemory.Clear(_seen, SeenCount * (nuint)sizeof(LoggedReference));
    }

    /// <summary>Empties the log after it was taken over for good.</summary>
    public void Clear() => _references.Clear();

    public void Dispose()
    {
        _references.Dispose();
        Free();
        GC.SuppressFinalize(this);
    }

    private void AddCommit(ReadOnlySpan<byte> content)
    {
        Add(ObjectReferences.ReadTreeLine(ref content), ObjectType.Tree);
        while (ObjectReferences.TryReadParentLine(ref content, out Oid parent))
        {
            Add(parent, ObjectType.Commit);
        }
    }

    private void Free()
    {
        NativeMemory.Free(_seen);
        _seen = null;
    }
}
