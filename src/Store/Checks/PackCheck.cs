using System.Collections.Concurrent;
using Actors.Git;
using Actors.Git.Objects;
using Actors.Git.Objects.Collisions;
using Actors.Git.Packs;
using Actors.Store.Packs;

namespace Actors.Store.Checks;

/// <summary>
/// Checks one pack by indexing it once more: that computes its checksum, every oid, CRC and offset and what it refers to, and
/// the index that comes out must be the stored one byte for byte.
/// </summary>
/// <param name="name">The pack's name.</param>
/// <param name="pack">The pack, open.</param>
/// <param name="packPath">Its file.</param>
/// <param name="indexPath">Its index.</param>
/// <param name="threads">Threads to use.</param>
internal sealed class PackCheck(Oid name, IndexedPack pack, string packPath, string indexPath, int threads)
{
    /// <summary>What is in the store was within the limits once; merged packs may be larger than received ones.</summary>
    private static readonly PackLimits Unlimited = new()
    {
        PackBytesMax = long.MaxValue,
        ObjectBytesMax = long.MaxValue,
        ObjectCountMax = uint.MaxValue,
        InflationRatioMax = int.MaxValue,
    };

    private readonly ConcurrentQueue<StoreProblem> _problems = new();

    /// <summary>What was found wrong.</summary>
    public IReadOnlyCollection<StoreProblem> Problems => _problems;

    /// <summary>What the pack's objects refer to outside the pack; null when the pack cannot be read.</summary>
    public IReadOnlyList<ObjectReference>? References { get; private set; }

    /// <summary>Indexes the pack anew and compares.</summary>
    public async Task IndexAnewAsync(CancellationToken cancellationToken)
    {
        string directory = Directory.CreateTempSubdirectory("actors-check-").FullName;
        try
        {
            string anew = Path.Combine(directory, "anew.idx");
            PackIndexResult result = await PackIndexer.IndexFileAsync(
                new PackIndexOptions { PackPath = packPath, IndexPath = anew, Limits = Unlimited, Threads = threads, Fsync = false }, cancellationToken).ConfigureAwait(false);
            References = result.References;
            if (result.Checksum != name)
            {
                Report(StoreProblemKind.Pack, null, $"its checksum is {result.Checksum}");
            }

            if (!await FilesAreEqualAsync(anew, indexPath, cancellationToken).ConfigureAwait(false))
            {
                CompareIndexes(anew);
            }
        }
        catch (GitFormatException damage)
        {
            Report(StoreProblemKind.Pack, null, damage.Message);
            FindDamagedObjects(cancellationToken);
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    /// <summary>Looks in every object for a collision attack.</summary>
    public void DetectCollisions(CancellationToken cancellationToken) => ForEachObject(
        (oid, read) =>
        {
            GitObject one = read();
            if (CollisionDetector.Detects(one.Type, one.Content.Span))
            {
                Report(StoreProblemKind.Collision, oid, $"{one.Type.ToName()} {oid} was made to collide with another object under SHA-1");
            }
        },
        cancellationToken);

    /// <summary>Which objects of a damaged pack cannot be read, or are not what their id says.</summary>
    private void FindDamagedObjects(CancellationToken cancellationToken) => ForEachObject(
        (oid, read) =>
        {
            GitObject one = read();
            Oid computed = ObjectHash.Compute(one.Type, one.Content.Span);
            if (computed != oid)
            {
                Report(StoreProblemKind.Object, oid, $"what is stored as {oid} is {computed}");
            }
        },
        cancellationToken);

    private void ForEachObject(Action<Oid, Func<GitObject>> look, CancellationToken cancellationToken)
    {
        var options = new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancellationToken };
        int[] order = new int[pack.Count];
        long[] offsets = new long[pack.Count];
        for (int position = 0; position < order.Length; position++)
        {
            order[position] = position;
            try
            {
                offsets[position] = pack.Index.OffsetAt(position);
            }
            catch (GitFormatException)
            {
                // Told when the object is read.
            }
        }

        // In the order of the file a delta's base is in the cache still.
        Array.Sort(offsets, order);
        _ = Parallel.ForEach(Partitioner.Create(0, order.Length), options, range =>
        {
            for (int rank = range.Item1; rank < range.Item2; rank++)
            {
                options.CancellationToken.ThrowIfCancellationRequested();
                int position = order[rank];
                Oid oid = pack.Oids[position];
                try
                {
                    look(oid, () => pack.Read(position, long.MaxValue));
                }
                catch (GitFormatException damage)
                {
                    Report(StoreProblemKind.Object, oid, $"{oid} cannot be read: {damage.Message}");
                }
            }
        });
    }

    private void CompareIndexes(string anewPath)
    {
        using var anew = PackIndex.Open(anewPath);
        int before = _problems.Count;
        for (int position = 0; position < pack.Count; position++)
        {
            Oid oid = pack.Oids[position];
            if (!anew.TryFind(oid, out int found))
            {
                Report(StoreProblemKind.Object, oid, $"its index names {oid}, which is not in the pack");
            }
            else if (!HasSameEntry(position, anew, found))
            {
                Report(StoreProblemKind.PackIndex, oid, $"its index has a wrong offset or CRC for {oid}");
            }
        }

        foreach (Oid oid in anew.Oids)
        {
            if (!pack.TryFind(oid, out _))
            {
                Report(StoreProblemKind.PackIndex, oid, $"its index lacks {oid}");
            }
        }

        if (_problems.Count == before)
        {
            Report(StoreProblemKind.PackIndex, null, "its index is not the one that git would make");
        }
    }

    private bool HasSameEntry(int position, PackIndex anew, int found)
    {
        try
        {
            return pack.Index.OffsetAt(position) == anew.OffsetAt(found) && pack.Index.CrcAt(position) == anew.CrcAt(found);
        }
        catch (GitFormatException)
        {
            return false;
        }
    }

    private static async Task<bool> FilesAreEqualAsync(string left, string right, CancellationToken cancellationToken)
    {
        using FileStream one = File.OpenRead(left);
        using FileStream two = File.OpenRead(right);
        if (one.Length != two.Length)
        {
            return false;
        }

        byte[] oneBytes = new byte[1 << 16];
        byte[] twoBytes = new byte[1 << 16];
        while (true)
        {
            int length = await one.ReadAtLeastAsync(oneBytes, oneBytes.Length, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
            int other = await two.ReadAtLeastAsync(twoBytes, twoBytes.Length, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
            if (length != other || !oneBytes.AsSpan(0, length).SequenceEqual(twoBytes.AsSpan(0, length)))
            {
                return false;
            }

            if (length < oneBytes.Length)
            {
                return true;
            }
        }
    }

    private void Report(StoreProblemKind kind, Oid? oid, string message) =>
        _problems.Enqueue(new StoreProblem(kind, $"pack-{name}", oid, message));
}
