using System.Text;
using Actors.Git.Objects;
using Actors.Git.Refs;
using Actors.Store.Heads;
using Actors.Sync.Mirrors;
using Xunit;

namespace Actors.Sync.Tests.Mirrors;

/// <summary>What a mirror's small blobs say, and what is read back.</summary>
public sealed class MirrorTextsTests
{
    private static readonly Oid One = Oid.Parse(new string('1', 40));
    private static readonly Oid Two = Oid.Parse(new string('2', 40));

    [Fact]
    public void Refs_are_written_as_git_update_server_info_writes_them()
    {
        MirrorRef[] refs = [new(RefName.Parse("refs/tags/v1"), One, Two), new(RefName.Parse("refs/heads/main"), Two, null)];

        Assert.Equal(
            $"{Two}\trefs/heads/main\n{One}\trefs/tags/v1\n{Two}\trefs/tags/v1^{{}}\n",
            Encoding.UTF8.GetString(MirrorRefs.Format(refs)));
    }

    [Fact]
    public void Refs_are_read_as_they_were_written_whatever_bytes_their_names_have()
    {
        MirrorRef[] refs =
        [
            new(RefName.FromBytes([.. "refs/heads/"u8, 0xff, 0xfe]), One, null), new(RefName.Parse("refs/heads/with\ttab"), Two, null), new(RefName.Parse("refs/tags/v1"), One, Two),
        ];

        Assert.Equal(refs.OrderBy(one => one.Name), MirrorRefs.Parse(MirrorRefs.Format(refs)));
    }

    [Theory]
    [InlineData("1111\trefs/heads/main\n")]
    [InlineData("1111111111111111111111111111111111111111 refs/heads/main\n")]
    [InlineData("111111111111111111111111111111111111111g\trefs/heads/main\n")]
    [InlineData("1111111111111111111111111111111111111111\t\n")]
    [InlineData("1111111111111111111111111111111111111111\trefs/heads/a b\n")]
    [InlineData("\n")]
    public void Damaged_refs_are_refused(string text) =>
        Assert.Throws<InvalidDataException>(() => MirrorRefs.Parse(Encoding.UTF8.GetBytes(text)));

    [Fact]
    public void What_points_nowhere_and_what_lies_in_our_own_namespace_is_not_shown()
    {
        Snapshot snapshot = Snapshot.Create([
            new(RefName.Head, SnapshotTarget.Alias, One, AliasOf: RefName.Parse("refs/heads/main")),
            new(RefName.Parse("refs/heads/main"), SnapshotTarget.Revision, One),
            new(RefName.Parse("refs/heads/none"), SnapshotTarget.Dangling, Oid.Zero),
            new(RefName.Parse("refs/remotes/x/HEAD"), SnapshotTarget.Alias, One, AliasOf: RefName.Parse("refs/heads/main")),
            new(RefName.Parse("refs/actors/history/x"), SnapshotTarget.Revision, Two),
        ]);

        Assert.Equal(["refs/heads/main", "refs/remotes/x/HEAD"], MirrorRefs.Of(snapshot).Select(one => one.Name.ToString()));
        Assert.Equal("ref: refs/heads/main\n", Encoding.UTF8.GetString(MirrorRefs.FormatHead(snapshot)));
        Assert.Null(MirrorRefs.DetachedHead(snapshot));
    }

    [Fact]
    public void A_source_without_HEAD_gets_one_that_no_branch_can_have()
    {
        Snapshot snapshot = Snapshot.Create([new(RefName.Parse("refs/heads/main"), SnapshotTarget.Revision, One)]);

        Assert.Equal("ref: refs/heads/.invalid\n", Encoding.UTF8.GetString(MirrorRefs.FormatHead(snapshot)));
        Assert.Equal("ref: refs/heads/main\n", Encoding.UTF8.GetString(MirrorRefs.FormatHead(Snapshot.Empty)));
    }

    [Fact]
    public void A_state_is_read_as_it_was_written()
    {
        MirrorState state = new()
        {
            Generation = 12,
            IsPublished = false,
            Source = "https://example.org/a",
            Snapshot = SnapshotId.Empty,
            DetachedHead = Two,
            At = new DateTimeOffset(2026, 5, 1, 12, 0, 0, 123, TimeSpan.Zero),
            Refs = 3,
            HistoryRefs = 1,
            Packs = [new MirrorPack(One, 1L << 40, 5, 7)],
            Retired = [new RetiredPack(Two, new DateTimeOffset(2026, 4, 1, 12, 0, 0, TimeSpan.Zero))],
            Bundle = new MirrorBundle(SnapshotId.Empty, 10, 3),
            LfsGeneration = 11,
            LfsMissing = 2,
        };
        byte[] bytes = MirrorStateCodec.Write(state);

        MirrorState read = MirrorStateCodec.Read(bytes);

        Assert.Equal(state with { Packs = [], Retired = [] }, read with { Packs = [], Retired = [] });
        Assert.Equal((state.Packs.Single(), state.Retired.Single()), (read.Packs.Single(), read.Retired.Single()));
        Assert.DoesNotContain("\"bundle\"", Encoding.UTF8.GetString(MirrorStateCodec.Write(state with { Bundle = null })), StringComparison.Ordinal);
    }

    [Fact]
    public void A_state_cut_anywhere_or_with_another_byte_anywhere_is_read_or_refused_and_nothing_else()
    {
        byte[] bytes = MirrorStateCodec.Write(new MirrorState
        {
            Generation = 1, IsPublished = true, Source = "x", Snapshot = SnapshotId.Empty, At = DateTimeOffset.UnixEpoch, Packs = [new MirrorPack(One, 1, 2, 3)],
        });
        for (int cut = 0; cut < bytes.Length - 2; cut++)
        {
            Assert.Throws<InvalidDataException>(() => MirrorStateCodec.Read(bytes.AsMemory(0, cut)));
        }

        for (int place = 0; place < bytes.Length; place++)
        {
            foreach (byte other in "0a\"-}9 "u8)
            {
                byte[] changed = [.. bytes];
                changed[place] = other;
                try
                {
                    MirrorStateCodec.Read(changed);
                }
                catch (InvalidDataException)
                {
                    // Refused.
                }
            }
        }
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("{\"format\":2}")]
    [InlineData("[]")]
    [InlineData("")]
    public void What_is_no_state_is_refused(string text) =>
        Assert.Throws<InvalidDataException>(() => MirrorStateCodec.Read(Encoding.UTF8.GetBytes(text)));

    [Theory]
    [InlineData("", 10, "")]
    [InlineData("100", 10, "")]
    [InlineData("100", 34, "100")]
    [InlineData("100", 33, "")]
    [InlineData("1000 100 30 5", 10, "5 30 100")]
    [InlineData("1000 100 30 20", 7, "20 30 100")]
    [InlineData("1000 100 30 20", 6, "")]
    [InlineData("1000 100 30 20", 0, "")]
    [InlineData("1000 400 100", 34, "100 400 1000")]
    public void Small_packs_are_merged_until_the_next_is_three_times_as_large(string packs, int newObjects, string merged)
    {
        IEnumerable<MirrorPack> all = packs.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select((count, i) => new MirrorPack(One, 10, 10, long.Parse(count, null)));

        Assert.Equal(merged, string.Join(' ', MirrorRepack.Choose(all, newObjects, 1 << 30).Select(pack => pack.Objects)));
    }

    [Fact]
    public void However_often_one_object_is_added_packs_stay_few_and_little_is_written_again()
    {
        List<MirrorPack> packs = [new(One, 10, 10, 100_000)];
        long written = 0;
        for (int update = 0; update < 5000; update++)
        {
            IReadOnlyList<MirrorPack> merged = MirrorRepack.Choose(packs, 1, 1 << 30);
            long objects = 1 + merged.Sum(pack => pack.Objects);
            packs = [.. packs.Except(merged, ReferenceEqualityComparer.Instance).Cast<MirrorPack>(), new MirrorPack(One, 10, 10, objects)];
            written += objects;
            Assert.InRange(packs.Count, 1, 9);
        }

        Assert.True(written < 5000 * 10, $"{written} objects were written for 5,000");
    }

    [Theory]
    [InlineData("https://example.org/a s3://bucket/a", "https://example.org/a", "s3://bucket/a")]
    [InlineData("gh:owner/name\t/srv/my mirrors/name", "https://github.com/owner/name", "/srv/my mirrors/name")]
    [InlineData("  https://example.org/a    dir  ", "https://example.org/a", "dir")]
    public void A_line_of_pairs_is_a_source_and_a_target(string line, string source, string target)
    {
        MirrorPair pair = Assert.IsType<MirrorPair>(MirrorPair.Parse(line));

        Assert.Equal((source, target), (pair.Source.ToString(), pair.Target));
    }

    [Theory]
    [InlineData("https://example.org/a")]
    [InlineData("ht!tp://x y")]
    [InlineData("ext::sh\tdir")]
    public void Other_lines_are_refused(string line) => Assert.Throws<FormatException>(() => MirrorPair.Parse(line));

    [Theory]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("# a comment s3://x/y")]
    public void Empty_lines_and_comments_are_no_pairs(string line) => Assert.Null(MirrorPair.Parse(line));

    [Theory]
    [InlineData("s3://bucket/prefix", true)]
    [InlineData("s3://bucket/a/b?endpoint=http://127.0.0.1:1&style=path", true)]
    [InlineData("/srv/mirrors/a", true)]
    [InlineData("s3://bucket", false)]
    [InlineData("s3://bucket/", false)]
    [InlineData("s3://key:secret@bucket/a", false)]
    [InlineData("s3://bucket/a?secret=x", false)]
    [InlineData("https://example.org/x", false)]
    public void Targets_are_directories_and_prefixes_of_buckets(string target, bool taken) => Assert.Equal(taken, MirrorTargets.Refuse(target) is null);
}
