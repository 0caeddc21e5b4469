using System.Buffers.Binary;
using Actors.Git;
using Actors.Git.Objects;

namespace Actors.Store.Heads.Sqlite;

/// <summary>Snapshots, each content once. One that differs little from the repository's snapshot before is kept as a delta to it.</summary>
internal sealed class SnapshotTable(HeadConnection connection)
{
    private readonly Statement _byPrefix = connection.Prepare("SELECT snapshot FROM snapshot_id WHERE prefix = ?1");
    private readonly Statement _read = connection.Prepare("SELECT id, base, depth, size, compressed, body FROM snapshot WHERE number = ?1");

    private readonly Statement _insert = connection.Prepare("INSERT INTO snapshot (id, base, depth, size, compressed, body) VALUES (?1, ?2, ?3, ?4, ?5, ?6)");
    private readonly Statement _insertPrefix = connection.Prepare("INSERT INTO snapshot_id (prefix, snapshot) VALUES (?1, ?2)");

    /// <summary>The row of a snapshot, or null.</summary>
    public long? Find(SnapshotId id)
    {
        Span<byte> bytes = stackalloc byte[Oid.Length];
        id.CopyTo(bytes);
        long? found = null;
        _ = _byPrefix.Bind(1, BinaryPrimitives.ReadInt64BigEndian(bytes));
        while (found is null && _byPrefix.Step())
        {
            long number = _byPrefix.Number(0);
            found = _read.Bind(1, number).Step() && _read.Bytes(0).SequenceEqual(bytes) ? number : null;
            _read.Reset();
        }

        _byPrefix.Reset();
        return found;
    }

    /// <summary>A snapshot by its row, verified against its id.</summary>
    public Snapshot Read(long number)
    {
        try
        {
            (SnapshotId id, SnapshotBranch[] branches, _) = ReadUnverified(number, Limits.SnapshotDeltaDepthMax);
            return Snapshot.ComputeId(branches) == id
                ? new Snapshot(id, branches)
                : throw new GitFormatException(GitFormatError.Checksum, $"snapshot {id} does not have its id");
        }
        catch (Exception e) when (e is GitFormatException or InvalidDataException)
        {
            throw new HeadStoreException(connection.Path, $"The head database is damaged: snapshot row {number}: {e.Message}", e);
        }
    }

    /// <summary>Keeps a snapshot, if it is not there yet, and gives its row.</summary>
    /// <param name="snapshot">What to keep.</param>
    /// <param name="before">The snapshot that it is likely to resemble, or null.</param>
    public long Add(Snapshot snapshot, long? before)
    {
        if (Find(snapshot.Id) is { } known)
        {
            return known;
        }

        byte[] body = SnapshotCodec.Encode(snapshot.Branches);
        (long? from, int depth) = (null, 0);
        if (before is { } number && body.Length >= Limits.SnapshotDeltaBytesMin && Depth(number) is var below && below < Limits.SnapshotDeltaDepthMax)
        {
            if (SnapshotBody.DeltaTo(Read(number).Branches, snapshot, body) is { } delta)
            {
                (body, from, depth) = (delta, number, below + 1);
            }
        }

        return Insert(snapshot.Id, body, from, depth);
    }

    private long Insert(SnapshotId id, byte[] body, long? from, int depth)
    {
        SnapshotBody packed = SnapshotBody.Pack(body);
        Span<byte> bytes = stackalloc byte[Oid.Length];
        id.CopyTo(bytes);
        _insert.Bind(1, bytes).Bind(2, from).Bind(3, depth).Bind(4, packed.Size).Bind(5, packed.Compressed ? 1 : 0).Bind(6, packed.Bytes).Run();
        long number = connection.LastId;
        _insertPrefix.Bind(1, BinaryPrimitives.ReadInt64BigEndian(bytes)).Bind(2, number).Run();
        return number;
    }

    private int Depth(long number)
    {
        int depth = _read.Bind(1, number).Step() ? (int)_read.Number(2) : int.MaxValue;
        _read.Reset();
        return depth;
    }

    private (SnapshotId Id, SnapshotBranch[] Branches, int Depth) ReadUnverified(long number, int depthMax)
    {
        try
        {
            if (!_read.Bind(1, number).Step())
            {
                throw new GitFormatException(GitFormatError.Truncated, "the row is missing");
            }

            SnapshotId id = _read.Bytes(0).Length == Oid.Length ? SnapshotId.FromBytes(_read.Bytes(0)) : default;
            long? from = _read.NumberOrNull(1);
            int depth = (int)_read.Number(2);
            byte[] body = SnapshotBody.Unpack(_read.Bytes(5), _read.Number(3), _read.Number(4) != 0);
            _read.Reset();
            if (from is not { } below)
            {
                return (id, SnapshotCodec.Decode(body), depth);
            }

            // Depths fall by one at each step, so a circle of rows cannot be followed.
            if (depth < 1 || depth > depthMax)
            {
                throw new GitFormatException(GitFormatError.Delta, "its chain of deltas is too deep");
            }

            return (id, SnapshotCodec.DecodeDelta(ReadUnverified(below, depth - 1).Branches, body), depth);
        }
        finally
        {
            _read.Reset();
        }
    }
}
