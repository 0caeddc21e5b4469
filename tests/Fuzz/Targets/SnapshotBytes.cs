using Actors.Git.Objects;
using Actors.Git.Refs;
using Actors.Store.Heads;

namespace Actors.Fuzz.Targets;

/// <summary>Snapshots as the head database keeps them: a whole one has one form; a delta to a fixed base gives sorted branches.</summary>
internal sealed class SnapshotBytes : IFuzzTarget
{
    private static readonly SnapshotBranch[] Base = Branches("refs/heads/a", "refs/heads/b", "refs/tags/v1");

    public string Name => "snapshot";

    public IEnumerable<byte[]> Seeds =>
    [
        [0, .. SnapshotCodec.Encode(Base)],
        [1, .. SnapshotCodec.EncodeDelta(Base, Branches("refs/heads/a", "refs/heads/c"))],
        [1, .. SnapshotCodec.EncodeDelta(Base, [.. Base.Select(b => b with { Target = SnapshotTarget.Content })])],
    ];

    public void Run(ReadOnlySpan<byte> input)
    {
        if (input.IsEmpty)
        {
            return;
        }

        if (input[0] % 2 == 0)
        {
            byte[] again = SnapshotCodec.Encode(SnapshotCodec.Decode(input[1..]));
            if (!again.AsSpan().SequenceEqual(input[1..]))
            {
                throw new InvalidOperationException("A snapshot has two forms of bytes.");
            }
        }
        else
        {
            SnapshotBranch[] branches = SnapshotCodec.DecodeDelta(Base, input[1..]);
            if (branches.Zip(branches.Skip(1)).Any(pair => pair.First.Name >= pair.Second.Name))
            {
                throw new InvalidOperationException("A delta gave branches out of order.");
            }
        }
    }

    private static SnapshotBranch[] Branches(params string[] names)
    {
        Oid one = Oid.Parse("00112233445566778899aabbccddeeff00112233");
        return
        [
            new(RefName.Head, SnapshotTarget.Alias, one, RefName.Parse(names[0])),
            .. names.Select(name => name.StartsWith("refs/tags/", StringComparison.Ordinal)
                ? new SnapshotBranch(RefName.Parse(name), SnapshotTarget.Release, one, Peeled: one)
                : new SnapshotBranch(RefName.Parse(name), SnapshotTarget.Revision, one)),
        ];
    }
}
