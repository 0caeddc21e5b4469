using System.Buffers.Binary;
using Actors.Git.Objects;

namespace Actors.Store.Index;

/// <summary>
/// What the index durably covers: its runs, the packs that they cover, and which pack numbers in runs stand for another
/// pack since a compaction. Immutable; replaced as a whole file, so that a crash leaves the old or the new one.
/// </summary>
internal sealed record IndexManifest
{
    private const int HeaderBytes = 40;
    private const int PackBytes = sizeof(int) + Oid.Length;
    private const int RedirectBytes = 2 * sizeof(int);
    private const int RunBytes = (2 * sizeof(long)) + sizeof(uint);
    private static ReadOnlySpan<byte> Magic => "ACTIDX01"u8;

    /// <summary>Covers nothing.</summary>
    public static IndexManifest Empty { get; } = new();

    /// <summary>The next run's sequence number. Never used twice while any manifest survives.</summary>
    public long NextRun { get; init; } = 1;

    /// <summary>The next pack's number.</summary>
    public int NextPack { get; init; }

    /// <summary>Packs covered, with their numbers.</summary>
    public IReadOnlyDictionary<Oid, int> Packs { get; init; } = new Dictionary<Oid, int>();

    /// <summary>Numbers of packs that were merged into another: the other's number, which is in <see cref="Packs"/>.</summary>
    public IReadOnlyDictionary<int, int> Redirects { get; init; } = new Dictionary<int, int>();

    public IReadOnlyList<IndexManifestRun> Runs { get; init; } = [];

    public byte[] Encode()
    {
        byte[] bytes = new byte[HeaderBytes + (Packs.Count * PackBytes) + (Redirects.Count * RedirectBytes) + (Runs.Count * RunBytes) + sizeof(uint)];
        Magic.CopyTo(bytes);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(8), NextRun);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(16), NextPack);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(20), Packs.Count);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(24), Redirects.Count);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(28), Runs.Count);
        Span<byte> rest = bytes.AsSpan(HeaderBytes);
        foreach ((Oid oid, int number) in Packs)
        {
            BinaryPrimitives.WriteInt32LittleEndian(rest, number);
            oid.CopyTo(rest[sizeof(int)..]);
            rest = rest[PackBytes..];
        }

        foreach ((int from, int to) in Redirects)
        {
            BinaryPrimitives.WriteInt32LittleEndian(rest, from);
            BinaryPrimitives.WriteInt32LittleEndian(rest[sizeof(int)..], to);
            rest = rest[RedirectBytes..];
        }

        foreach (IndexManifestRun run in Runs)
        {
            BinaryPrimitives.WriteInt64LittleEndian(rest, run.Sequence);
            BinaryPrimitives.WriteInt64LittleEndian(rest[8..], run.FileBytes);
            BinaryPrimitives.WriteUInt32LittleEndian(rest[16..], run.Checksum);
            rest = rest[RunBytes..];
        }

        BinaryPrimitives.WriteUInt32LittleEndian(rest, Crc32C.Of(bytes.AsSpan(0, bytes.Length - sizeof(uint))));
        return bytes;
    }

    /// <exception cref="InvalidDataException">These are no manifest's bytes.</exception>
    public static IndexManifest Decode(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < HeaderBytes + sizeof(uint) || !bytes.StartsWith(Magic)
            || BinaryPrimitives.ReadUInt32LittleEndian(bytes[^sizeof(uint)..]) != Crc32C.Of(bytes[..^sizeof(uint)]))
        {
            throw Damaged();
        }

        uint packCount = BinaryPrimitives.ReadUInt32LittleEndian(bytes[20..]);
        uint redirectCount = BinaryPrimitives.ReadUInt32LittleEndian(bytes[24..]);
        uint runCount = BinaryPrimitives.ReadUInt32LittleEndian(bytes[28..]);
        if (bytes.Length != HeaderBytes + (packCount * (long)PackBytes) + (redirectCount * (long)RedirectBytes) + (runCount * (long)RunBytes) + sizeof(uint))
        {
            throw Damaged();
        }

        ReadOnlySpan<byte> rest = bytes[HeaderBytes..];
        var packs = new Dictionary<Oid, int>((int)packCount);
        var numbers = new HashSet<int>((int)packCount);
        for (; packCount > 0; packCount--, rest = rest[PackBytes..])
        {
            int number = BinaryPrimitives.ReadInt32LittleEndian(rest);
            Require(numbers.Add(number) && packs.TryAdd(Oid.FromBytes(rest[sizeof(int)..]), number));
        }

        var redirects = new Dictionary<int, int>((int)redirectCount);
        for (; redirectCount > 0; redirectCount--, rest = rest[RedirectBytes..])
        {
            int from = BinaryPrimitives.ReadInt32LittleEndian(rest);
            int to = BinaryPrimitives.ReadInt32LittleEndian(rest[sizeof(int)..]);
            Require(numbers.Contains(to) && !numbers.Contains(from) && redirects.TryAdd(from, to));
        }

        var runs = new IndexManifestRun[runCount];
        for (int i = 0; i < runs.Length; i++, rest = rest[RunBytes..])
        {
            runs[i] = new IndexManifestRun(
                BinaryPrimitives.ReadInt64LittleEndian(rest),
                BinaryPrimitives.ReadInt64LittleEndian(rest[8..]),
                BinaryPrimitives.ReadUInt32LittleEndian(rest[16..]));
        }

        return new IndexManifest
        {
            NextRun = BinaryPrimitives.ReadInt64LittleEndian(bytes[8..]),
            NextPack = BinaryPrimitives.ReadInt32LittleEndian(bytes[16..]),
            Packs = packs,
            Redirects = redirects,
            Runs = runs,
        };
    }

    /// <summary>Which pack a number in a run stands for now, by number.</summary>
    public Dictionary<int, Oid> PacksByNumber()
    {
        var byNumber = new Dictionary<int, Oid>(Packs.Count + Redirects.Count);
        foreach ((Oid oid, int number) in Packs)
        {
            byNumber.Add(number, oid);
        }

        foreach ((int from, int to) in Redirects)
        {
            byNumber.Add(from, byNumber[to]);
        }

        return byNumber;
    }

    private static void Require(bool isTrue)
    {
        if (!isTrue)
        {
            throw Damaged();
        }
    }

    private static InvalidDataException Damaged() => new("The object index's manifest is damaged.");
}
