using System.Buffers.Binary;
using System.Security.Cryptography;
using Actors.Git.Objects;
using Actors.Git.Packs;
using Actors.TestKit;
using Actors.TestKit.Git;
using Xunit;
using Oid = Actors.Git.Objects.Oid;

namespace Actors.Git.Tests.Packs;

public sealed class PackIndexTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(255)]
    [InlineData(5000)]
    public void What_was_written_is_found(int count)
    {
        PackIndexEntry[] entries = Entries(count, offset => offset);
        string path = _folder["test.idx"];
        PackIndexWriter.Write(path, entries, Checksum, fsync: false);
        using PackIndex index = PackIndex.Open(path);
        index.Verify();
        Assert.Equal((count, Checksum), (index.Count, index.PackChecksum));
        foreach (PackIndexEntry entry in entries)
        {
            Assert.True(index.TryFind(entry.Oid, out int position));
            Assert.Equal((entry.Oid, entry.Offset, entry.Crc), (index.Oids[position], index.OffsetAt(position), index.CrcAt(position)));
        }

        Assert.False(index.TryFind(Oid.Parse(new string('7', 40)), out _));
        Assert.Throws<ArgumentOutOfRangeException>(() => index.OffsetAt(count));
    }

    [Fact]
    public void Offsets_of_2_GiB_and_more_are_kept_in_64_bits()
    {
        long[] offsets = [12, int.MaxValue, 1L << 31, (1L << 31) + 1, uint.MaxValue, 1L << 32, 1L << 45];
        PackIndexEntry[] entries = Entries(offsets.Length, i => offsets[i]);
        string path = _folder["large.idx"];
        PackIndexWriter.Write(path, entries, Checksum, fsync: false);
        Assert.Equal(8 + 1024 + (28 * 7) + (5 * 8) + 40, new FileInfo(path).Length);
        using PackIndex index = PackIndex.Open(path);
        index.Verify();
        foreach (PackIndexEntry entry in entries)
        {
            Assert.True(index.TryFind(entry.Oid, out int position));
            Assert.Equal(entry.Offset, index.OffsetAt(position));
        }
    }

    [Fact]
    public async Task The_table_of_large_offsets_is_byte_for_byte_what_git_writes()
    {
        GitCommand.Require(Assert.Skip);
        GitFixture fixture = new GitFixture(_folder["source.git"]).AddHistory(40, 10);
        using var indexing = new IndexedFolder();
        await indexing.RunAsync(PackIndexerTests.Pack(fixture, "--all", offsetDeltas: true));
        fixture.Git.Run("index-pack", "--index-version=2,0x1000", "-o", _folder["git.idx"], indexing.PackPath);
        using PackIndex index = PackIndex.Open(indexing.IndexPath);
        var entries = new PackIndexEntry[index.Count];
        for (int i = 0; i < entries.Length; i++)
        {
            entries[i] = new PackIndexEntry(index.Oids[i], index.CrcAt(i), index.OffsetAt(i));
        }

        // git moves offsets above the threshold; ours at it and above.
        var ours = new MemoryStream();
        PackIndexWriter.Write(ours, entries, index.PackChecksum, 0x1001);
        Assert.Equal(await File.ReadAllBytesAsync(_folder["git.idx"]), ours.ToArray());
        using PackIndex byGit = PackIndex.Open(_folder["git.idx"]);
        Assert.Equal(entries.Select(e => e.Offset), Enumerable.Range(0, byGit.Count).Select(byGit.OffsetAt));
    }

    [Fact]
    public void An_oid_that_is_there_twice_is_refused()
    {
        PackIndexEntry[] entries = [.. Entries(1000, i => i), .. Entries(1, _ => 77)];
        Assert.Equal(GitFormatError.Pack, Assert.Throws<GitFormatException>(() => PackIndexWriter.Write(_folder["twice.idx"], entries, default, false)).Kind);
    }

    [Fact]
    public void Chosen_oids_with_equal_first_bytes_are_sorted_too()
    {
        var entries = new PackIndexEntry[3000];
        byte[] bytes = new byte[20];
        for (int i = 0; i < entries.Length; i++)
        {
            BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(16), (i * 7919) % entries.Length);
            entries[i] = new PackIndexEntry(Oid.FromBytes(bytes), 0, i);
        }

        PackIndexWriter.Write(_folder["chosen.idx"], entries, default, false);
        using PackIndex index = PackIndex.Open(_folder["chosen.idx"]);
        index.Verify();
    }

    [Theory]
    [InlineData("empty file")]
    [InlineData("version 1")]
    [InlineData("fan-out goes down")]
    [InlineData("more objects than bytes")]
    [InlineData("bytes left over")]
    [InlineData("cut off")]
    [InlineData("more large offsets than objects")]
    public void An_index_that_cannot_be_is_refused(string name)
    {
        byte[] sound = Written(3);
        byte[] wrong = name switch
        {
            "empty file" => [],
            "version 1" => [0, 0, 0, 1, .. sound[4..]],
            "fan-out goes down" => [.. sound[..8], 0, 0, 0, 9, .. sound[12..]],
            "more objects than bytes" => [.. sound[..(8 + 1020)], 0x7f, 0xff, 0xff, 0xff, .. sound[(8 + 1024)..]],
            "bytes left over" => [.. sound, 1],
            "cut off" => sound[..^1],
            _ => [.. sound[..^40], .. new byte[32], .. sound[^40..]],
        };
        File.WriteAllBytes(_folder["wrong.idx"], wrong);
        Assert.Equal(GitFormatError.PackIndex, Assert.Throws<GitFormatException>(() => PackIndex.Open(_folder["wrong.idx"]).Dispose()).Kind);
    }

    [Fact]
    public void A_large_offset_outside_its_table_is_refused_when_it_is_read()
    {
        byte[] wrong = Written(1);
        wrong[8 + 1024 + 24] = 0x80;
        File.WriteAllBytes(_folder["wrong.idx"], wrong);
        using PackIndex index = PackIndex.Open(_folder["wrong.idx"]);
        Assert.Equal(GitFormatError.PackIndex, Assert.Throws<GitFormatException>(() => index.OffsetAt(0)).Kind);
    }

    [Fact]
    public void Verifying_notices_each_wrong_byte()
    {
        byte[] sound = Written(3);
        for (int at = 0; at < sound.Length; at++)
        {
            byte[] wrong = [.. sound];
            wrong[at] ^= 0x10;
            File.WriteAllBytes(_folder["wrong.idx"], wrong);
            Assert.Throws<GitFormatException>(() =>
            {
                using PackIndex index = PackIndex.Open(_folder["wrong.idx"]);
                index.Verify();
            });
        }
    }

    private static Oid Checksum => Oid.Parse(new string('c', 40));

    private static PackIndexEntry[] Entries(int count, Func<int, long> offset) =>
        [.. Enumerable.Range(0, count).Select(i => new PackIndexEntry(Oid.FromBytes(SHA1.HashData(BitConverter.GetBytes(i))), (uint)i * 77, offset(i)))];

    private byte[] Written(int count)
    {
        File.Delete(_folder["sound.idx"]);
        PackIndexWriter.Write(_folder["sound.idx"], Entries(count, i => i), Checksum, fsync: false);
        return File.ReadAllBytes(_folder["sound.idx"]);
    }
}
