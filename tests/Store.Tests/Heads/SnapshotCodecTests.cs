using Actors.Git;
using Actors.Git.Objects;
using Actors.Git.Refs;
using Actors.Store.Heads;
using Xunit;

namespace Actors.Store.Tests.Heads;

public sealed class SnapshotCodecTests
{
    private const string One = "0100000000000000000000000000000000000000";
    private const string Two = "0200000000000000000000000000000000000000";

    [Fact]
    public void Branches_are_written_as_documented()
    {
        Snapshot snapshot = Snapshot.Create(
        [
            new(RefName.Parse("a/main"), SnapshotTarget.Revision, Oid.Parse(One)),
            new(RefName.Parse("HEAD"), SnapshotTarget.Alias, Oid.Zero, RefName.Parse("a/main")),
            new(RefName.Parse("a/mild"), SnapshotTarget.Release, Oid.Parse(Two), Peeled: Oid.Parse(One)),
            new(RefName.Parse("a/min"), SnapshotTarget.Dangling, Oid.Zero),
        ]);
        string expected = "04"
            + "0004" + "48454144" + "0d" + "06" + "612f6d61696e" + One
            + "0006" + "612f6d61696e" + "0b" + One
            + "0303" + "696c64" + "1c" + Two + One
            + "0401" + "6e" + "06";
        Assert.Equal(expected, Convert.ToHexStringLower(SnapshotCodec.Encode(snapshot.Branches)));
    }

    [Fact]
    public void A_delta_is_written_as_documented()
    {
        SnapshotBranch[] from = [Revision("a", One), Revision("b", One), Revision("c", One), Revision("d", One)];
        SnapshotBranch[] to = [Revision("a", One), Revision("b", Two), Revision("ca", Two), Revision("d", One)];
        byte[] delta = SnapshotCodec.EncodeDelta(from, to);
        Assert.Equal("03" + "0102" + "0b" + Two + "0000" + "0001" + "0002" + "6361" + "0b" + Two, Convert.ToHexStringLower(delta));
        Assert.Equal(to, SnapshotCodec.DecodeDelta(from, delta));
    }

    [Theory]
    [InlineData("", "ends early")]
    [InlineData("01", "announces more")]
    [InlineData("0000", "after its end")]
    [InlineData("8000", "number that cannot be")]
    [InlineData("ffffffff0f", "number that cannot be")]
    [InlineData("ffffffff07", "announces more")]
    [InlineData("0100016106", null)]
    [InlineData("0101016106", "impossible length")]
    [InlineData("0100006106", "impossible length")]
    [InlineData("0100010a06", "control character")]
    [InlineData("0100016100", "impossible target")]
    [InlineData("0100016126", "impossible target")]
    [InlineData("0100016116", "impossible target")]
    [InlineData("010001610e" + One, "impossible target")]
    [InlineData("0100016103", "impossible target")]
    [InlineData("010001610b", "ends early")]
    [InlineData("010001610b" + "0000000000000000000000000000000000000000", "null id")]
    [InlineData("01000161050162", null)]
    [InlineData("0100016105", "ends early")]
    [InlineData("020001620600016106", "out of order")]
    [InlineData("020001610600016106", "out of order")]
    [InlineData("020001610600026162" + "06", "out of order")]
    [InlineData("020001610601016206", null)]
    public void Only_the_one_form_is_read(string hex, string? wrong)
    {
        byte[] bytes = Convert.FromHexString(hex);
        if (wrong is null)
        {
            Assert.Equal(bytes, SnapshotCodec.Encode(SnapshotCodec.Decode(bytes)));
        }
        else
        {
            Assert.Contains(wrong, Assert.Throws<GitFormatException>(() => SnapshotCodec.Decode(bytes)).Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Decode_after_encode_is_the_identity_for_whole_and_delta()
    {
        Random random = new(11);
        for (int round = 0; round < 300; round++)
        {
            SnapshotBranch[] from = [.. Snapshot.Create(RandomBranches(random)).Branches];
            SnapshotBranch[] to = [.. Snapshot.Create(Changed(random, from)).Branches];
            Assert.Equal(to, SnapshotCodec.Decode(SnapshotCodec.Encode(to)));
            Assert.Equal(to, SnapshotCodec.DecodeDelta(from, SnapshotCodec.EncodeDelta(from, to)));
            Assert.Equal(from, SnapshotCodec.DecodeDelta(to, SnapshotCodec.EncodeDelta(to, from)));
        }
    }

    [Fact]
    public void Damaged_bytes_are_refused_or_are_another_snapshot_in_its_one_form()
    {
        Random random = new(12);
        SnapshotBranch[] from = [.. Snapshot.Create(RandomBranches(random)).Branches];
        byte[] whole = SnapshotCodec.Encode(from);
        byte[] delta = SnapshotCodec.EncodeDelta(from, Snapshot.Create(Changed(random, from)).Branches);
        for (int round = 0; round < 20_000; round++)
        {
            byte[] damaged = Damaged(random, whole);
            if (Try(() => SnapshotCodec.Decode(damaged)) is { } read)
            {
                Assert.Equal(damaged, SnapshotCodec.Encode(read));
            }

            byte[] damagedDelta = Damaged(random, delta);
            if (Try(() => SnapshotCodec.DecodeDelta(from, damagedDelta)) is { } result)
            {
                Assert.Equal(result.OrderBy(b => b.Name).Select(b => b.Name), result.Select(b => b.Name));
            }
        }
    }

    private static SnapshotBranch[]? Try(Func<SnapshotBranch[]> read)
    {
        try
        {
            return read();
        }
        catch (GitFormatException)
        {
            return null;
        }
    }

    private static byte[] Damaged(Random random, byte[] bytes)
    {
        byte[] damaged = random.Next(4) == 0 ? bytes[..random.Next(bytes.Length)] : [.. bytes];
        for (int i = random.Next(4); i >= 0 && damaged.Length > 0; i--)
        {
            damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
        }

        return damaged;
    }

    private static List<SnapshotBranch> RandomBranches(Random random)
    {
        Dictionary<string, SnapshotBranch> branches = [];
        for (int i = random.Next(40); i > 0; i--)
        {
            string name = $"refs/{(random.Next(2) == 0 ? "heads" : "tags")}/{new string((char)('a' + random.Next(3)), random.Next(1, 4))}{random.Next(60)}";
            branches[name] = random.Next(6) switch
            {
                0 => new(RefName.Parse(name), SnapshotTarget.Release, RandomOid(random), Peeled: random.Next(2) == 0 ? RandomOid(random) : null),
                1 => new(RefName.Parse(name), SnapshotTarget.Alias, Oid.Zero, RefName.Parse($"refs/heads/a{random.Next(60)}")),
                2 => new(RefName.Parse(name), SnapshotTarget.Dangling, Oid.Zero),
                3 => new(RefName.Parse(name), SnapshotTarget.Content, RandomOid(random)),
                _ => new(RefName.Parse(name), SnapshotTarget.Revision, RandomOid(random)),
            };
        }

        return [.. branches.Values];
    }

    private static IEnumerable<SnapshotBranch> Changed(Random random, SnapshotBranch[] from) => from
        .Where(_ => random.Next(10) != 0)
        .Select(b => b.Target == SnapshotTarget.Revision && random.Next(5) == 0 ? b with { Oid = RandomOid(random) } : b)
        .Concat(RandomBranches(random).Where(b => random.Next(5) == 0 && !from.Any(f => f.Name == b.Name)));

    private static Oid RandomOid(Random random)
    {
        byte[] bytes = new byte[Oid.Length];
        random.NextBytes(bytes);
        return Oid.FromBytes(bytes);
    }

    private static SnapshotBranch Revision(string name, string oid) => new(RefName.Parse(name), SnapshotTarget.Revision, Oid.Parse(oid));
}
