using System.Runtime.InteropServices;
using Actors.Git.Objects;
using Actors.Git.Packs.Compression;

namespace Actors.Git.Packs.Indexing;

/// <summary>
/// One thread's depth-first walk over the deltas of a pack. A base is given back before the walk goes down to its last
/// delta, so that a chain holds two objects, not all; when memory runs short, objects low on the stack are dropped and
/// made again when the walk comes back to them.
/// </summary>
internal sealed unsafe partial class DeltaWalk : IDisposable
{
    private const int StackMin = 64;

    private readonly DeltaResolver _resolver;
    private readonly CancellationToken _cancellationToken;
    private readonly Inflater _inflater = Inflater.Rent();
    private readonly ObjectBuffers _buffers;
    private readonly ReferenceLog? _log;
    private readonly NativeList<DeltaCopy>? _copies;
    private readonly long _liveBytesMax;
    private DeltaWork[] _stack = new DeltaWork[StackMin];
    private int _depth;
    private int _firstHeld;
    private byte* _room;
    private long _roomLength;

    public DeltaWalk(DeltaResolver resolver, CancellationToken cancellationToken)
    {
        (_resolver, _cancellationToken) = (resolver, cancellationToken);
        _buffers = new ObjectBuffers(resolver.Folder);
        _liveBytesMax = resolver.Costs.ObjectBytes / resolver.Threads;
        if (resolver.References is not null)
        {
            _log = new ReferenceLog();
            _copies = new NativeList<DeltaCopy>();
        }
    }

    ~DeltaWalk() => NativeMemory.Free(_room);

    /// <summary>Walks until no thread has anything left.</summary>
    public void Run()
    {
        while (_resolver.TryTakeBatch(out int first, out int end))
        {
            _cancellationToken.ThrowIfCancellationRequested();
            for (int i = first; i < end && !_resolver.IsStopped; i++)
            {
                ref IndexedEntry entry = ref _resolver.Entries[i];
                if (!entry.IsDelta && entry.FirstChild >= 0)
                {
                    Push(new DeltaWork { Entry = i, NextChild = entry.FirstChild, Buffer = InflateWhole(entry) });
                    Walk();
                }
            }
        }

        while (_resolver.TryReceive(out DeltaWork given))
        {
            _buffers.Adopt(given.Buffer);
            Push(given);
            Walk();
        }

        FlushReferences();
    }

    public void Dispose()
    {
        while (_depth > 0)
        {
            _buffers.Release(ref _stack[--_depth].Buffer);
        }

        Inflater.Return(_inflater);
        _log?.Dispose();
        _copies?.Dispose();
        _buffers.Dispose();
        NativeMemory.Free(_room);
        _room = null;
        GC.SuppressFinalize(this);
    }

    private void Push(in DeltaWork work)
    {
        if (_depth == _stack.Length)
        {
            Array.Resize(ref _stack, _depth * 2);
        }

        _stack[_depth++] = work;
    }

    private void Walk()
    {
        while (_depth > 0)
        {
            ref DeltaWork top = ref _stack[_depth - 1];
            int child = top.NextChild;
            if (child < 0 || _resolver.IsStopped)
            {
                Pop();
                continue;
            }

            _cancellationToken.ThrowIfCancellationRequested();
            if (top.Buffer.IsEmpty)
            {
                top.Buffer = Remake(top.Entry);
                _firstHeld = Math.Min(_firstHeld, _depth - 1);
            }

            top.NextChild = _resolver.Entries[child].NextSibling;
            Resolve(child, ref top);
        }
    }

    private void Pop()
    {
        _buffers.Release(ref _stack[--_depth].Buffer);
        _firstHeld = Math.Min(_firstHeld, _depth);
    }

    /// <summary>Makes the object of a delta whose base lies on the stack's top, and goes down to it if it is a base itself.</summary>
    private void Resolve(int child, ref DeltaWork top)
    {
        ref IndexedEntry entry = ref _resolver.Entries[child];
        ObjectType type = _resolver.Entries[top.Entry].Type;
        int depth = top.Depth + 1;
        if (depth > _resolver.Costs.Limits.DeltaDepthMax)
        {
            throw new GitFormatException(GitFormatError.OverLimit, $"{depth} deltas follow one another", entry.Offset);
        }

        ObjectBuffer buffer = Apply(entry, type, top.Buffer, out bool changedOnly);
        try
        {
            entry.Oid = ObjectHash.ComputeInPlace(type, buffer.Content, buffer.Size);
            entry.Type = type;
            _resolver.Captured?.Add(entry.Offset, type, buffer.Content, buffer.Size);
            if (_log is not null)
            {
                LogReferences(type, buffer, top.Buffer, changedOnly);
            }

            if (!_resolver.RefDeltas.IsEmpty)
            {
                _resolver.LinkRefDeltas(child);
            }

            if (top.NextChild < 0)
            {
                Pop();
            }

            if (entry.FirstChild >= 0)
            {
                Descend(child, depth, ref buffer);
            }
        }
        finally
        {
            _buffers.Release(ref buffer);
        }
    }

    private void Descend(int child, int depth, ref ObjectBuffer buffer)
    {
        var work = new DeltaWork { Entry = child, NextChild = _resolver.Entries[child].FirstChild, Depth = depth, Buffer = buffer };
        if (_depth > 0 && _resolver.IsSomeoneIdle)
        {
            _buffers.Disown(buffer);
            buffer = default;
            _resolver.Give(work);
            return;
        }

        buffer = default;
        Push(work);
        while (_buffers.LiveBytes > _liveBytesMax && _firstHeld < _depth - 1)
        {
            _buffers.Release(ref _stack[_firstHeld++].Buffer);
        }
    }

    private void LogReferences(ObjectType type, in ObjectBuffer buffer, in ObjectBuffer source, bool changedOnly)
    {
        if (changedOnly)
        {
            TreeReferences.AddChanged(_log!, buffer, source, _copies!.Span);
        }
        else
        {
            _log!.AddObject(type, buffer);
        }

        if (_log!.Count >= 4096)
        {
            FlushReferences();
        }
    }

    private void FlushReferences()
    {
        if (_log is not null)
        {
            _resolver.References!.Add(_log.References);
            _log.Clear();
        }
    }
}
