using Actors.Git.Objects;

namespace Actors.Git.Packs.Indexing;

/// <summary>Keeps the contents of a small pack's objects, by the offset of their entries, up to a sum of bytes.</summary>
internal sealed unsafe class CapturedObjects(long bytesMax)
{
    private readonly Dictionary<long, GitObject> _objects = [];
    private long _bytes;

    public GitObject this[long offset] => _objects[offset];

    public void Add(long offset, ObjectType type, byte* content, long size)
    {
        lock (_objects)
        {
            _bytes += size;
            if (_bytes > bytesMax)
            {
                throw new GitFormatException(GitFormatError.OverLimit, $"The objects of a pack have more than {bytesMax} bytes", offset);
            }

            _objects[offset] = new GitObject(type, new ReadOnlySpan<byte>(content, checked((int)size)).ToArray());
        }
    }
}
