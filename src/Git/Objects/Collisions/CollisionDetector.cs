using System.Buffers.Binary;

namespace Actors.Git.Objects.Collisions;

/// <summary>
/// Detects objects that were made to collide: counter-cryptanalysis of SHA-1 after Marc Stevens. One of two colliding
/// objects is enough, the other need not be known. Finds every attack that uses one of the 32 known disturbance vectors in
/// its last block (SHAttered, and the chosen-prefix attack of 2020, do). Also computes the oid.
/// Takes an object in pieces; one instance for one object.
/// </summary>
public sealed class CollisionDetector
{
    private readonly uint[] _state = Sha1Block.FirstState.ToArray();
    private readonly uint[] _words = new uint[Sha1Block.Steps];
    private readonly uint[] _working = new uint[Sha1Block.StateWords];
    private readonly uint[] _middle = new uint[SecondHalves.Groups.Length * Sha1Block.StateWords];
    private readonly byte[] _block = new byte[Sha1Block.Bytes];
    private int _blockUsed;
    private long _bytes;

    /// <summary>Begins a message without an object's header.</summary>
    internal CollisionDetector()
    {
    }

    /// <summary>Begins an object.</summary>
    /// <param name="type">Its type.</param>
    /// <param name="contentBytes">Bytes of content that will come.</param>
    public CollisionDetector(ObjectType type, long contentBytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(contentBytes);
        Append(System.Text.Encoding.ASCII.GetBytes(string.Create(null, $"{type.ToName()} {contentBytes}\0")));
    }

    /// <summary>True once a block was one half of a collision.</summary>
    public bool IsDetected { get; private set; }

    /// <summary>Whether an object was made to collide.</summary>
    public static bool Detects(ObjectType type, ReadOnlySpan<byte> content)
    {
        var detector = new CollisionDetector(type, content.Length);
        detector.Append(content);
        detector.Finish();
        return detector.IsDetected;
    }

    /// <summary>Takes the next piece.</summary>
    public void Append(ReadOnlySpan<byte> content)
    {
        _bytes += content.Length;
        if (_blockUsed > 0)
        {
            int taken = Math.Min(content.Length, Sha1Block.Bytes - _blockUsed);
            content[..taken].CopyTo(_block.AsSpan(_blockUsed));
            _blockUsed += taken;
            content = content[taken..];
            if (_blockUsed < Sha1Block.Bytes)
            {
                return;
            }

            Take(_block);
        }

        for (; content.Length >= Sha1Block.Bytes; content = content[Sha1Block.Bytes..])
        {
            Take(content[..Sha1Block.Bytes]);
        }

        content.CopyTo(_block);
        _blockUsed = content.Length;
    }

    /// <summary>Ends the object; <see cref="IsDetected"/> is final then.</summary>
    /// <returns>The SHA-1.</returns>
    public Oid Finish()
    {
        // FIPS 180-4, 5.1.1: a one bit, zeroes, the length in bits.
        long bits = 8 * _bytes;
        int zeroes = ((2 * Sha1Block.Bytes) - 9 - _blockUsed) % Sha1Block.Bytes;
        Span<byte> padding = stackalloc byte[1 + zeroes + sizeof(long)];
        padding.Clear();
        padding[0] = 0x80;
        BinaryPrimitives.WriteInt64BigEndian(padding[(1 + zeroes)..], bits);
        Append(padding);

        Span<byte> digest = stackalloc byte[Oid.Length];
        for (int i = 0; i < Sha1Block.StateWords; i++)
        {
            BinaryPrimitives.WriteUInt32BigEndian(digest[(4 * i)..], _state[i]);
        }

        return Oid.FromBytes(digest);
    }

    private void Take(ReadOnlySpan<byte> block)
    {
        Sha1Block.Expand(block, _words);
        _state.CopyTo(_working, 0);
        int step = 0;
        for (int group = 0; group < SecondHalves.Groups.Length; group++)
        {
            Sha1Block.Forward(_working, _words, step, SecondHalves.Groups[group].Step);
            step = SecondHalves.Groups[group].Step;
            _working.CopyTo(_middle, group * Sha1Block.StateWords);
        }

        Sha1Block.Forward(_working, _words, step, Sha1Block.Steps);
        for (int i = 0; i < Sha1Block.StateWords; i++)
        {
            _state[i] += _working[i];
        }

        for (int group = 0; group < SecondHalves.Groups.Length && !IsDetected; group++)
        {
            IsDetected = SecondHalves.Groups[group].Collide(_words, _middle.AsSpan(group * Sha1Block.StateWords, Sha1Block.StateWords), _state);
        }
    }
}
