using Actors.Git;

namespace Actors.Store.Heads;

/// <summary>Reads the parts of an encoded snapshot in order, never beyond its end.</summary>
internal ref struct SnapshotReader(ReadOnlySpan<byte> bytes)
{
    private readonly ReadOnlySpan<byte> _bytes = bytes;
    private int _position;

    public byte Byte() => Bytes(1)[0];

    public ReadOnlySpan<byte> Bytes(int length)
    {
        if (length > _bytes.Length - _position)
        {
            throw new GitFormatException(GitFormatError.Truncated, "An encoded snapshot ends early.", _position);
        }

        ReadOnlySpan<byte> taken = _bytes.Slice(_position, length);
        _position += length;
        return taken;
    }

    public Git.Objects.Oid Oid() => Git.Objects.Oid.FromBytes(Bytes(Git.Objects.Oid.Length));

    /// <summary>LEB128, at most 31 bits, no superfluous byte.</summary>
    public int Number()
    {
        uint number = 0;
        for (int shift = 0; shift < 32; shift += 7)
        {
            byte part = Byte();
            if ((shift == 28 && part > 0x07) || (shift > 0 && part == 0))
            {
                break;
            }

            number |= (uint)(part & 0x7f) << shift;
            if (part < 0x80)
            {
                return (int)number;
            }
        }

        throw new GitFormatException(GitFormatError.Object, "An encoded snapshot has a number that cannot be.", _position);
    }

    /// <summary>A number of items that the rest of the bytes can hold.</summary>
    public int Count(int itemBytesMin)
    {
        int count = Number();
        return count <= (_bytes.Length - _position) / itemBytesMin
            ? count
            : throw new GitFormatException(GitFormatError.Truncated, "An encoded snapshot announces more branches than it has bytes for.", _position);
    }

    public readonly void End()
    {
        if (_position != _bytes.Length)
        {
            throw new GitFormatException(GitFormatError.Object, "An encoded snapshot has bytes after its end.", _position);
        }
    }
}
