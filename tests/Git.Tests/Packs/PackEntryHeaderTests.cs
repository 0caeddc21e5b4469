using Actors.Git.Objects;
using Actors.Git.Packs;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace Actors.Git.Tests.Packs;

public sealed class PackEntryHeaderTests
{
    [Theory]
    [InlineData(ObjectType.Blob, 0, "30")]
    [InlineData(ObjectType.Commit, 15, "1f")]
    [InlineData(ObjectType.Tree, 16, "a001")]
    [InlineData(ObjectType.Tag, 2047, "cf7f")]
    [InlineData(ObjectType.Blob, 2048, "b08001")]
    [InlineData(ObjectType.Blob, long.MaxValue, "bfffffffffffffffff07")]
    public void A_size_has_the_bytes_that_git_gives_it(ObjectType type, long size, string expected)
    {
        Span<byte> bytes = stackalloc byte[PackEntryHeader.LengthMax];
        int length = PackEntryHeader.Whole(type, size).Write(bytes);
        Assert.Equal(expected, Convert.ToHexStringLower(bytes[..length]));
    }

    [Theory]
    [InlineData(1, "01")]
    [InlineData(127, "7f")]
    [InlineData(128, "8000")]
    [InlineData(16511, "ff7f")]
    [InlineData(16512, "808000")]
    public void A_distance_has_the_bytes_that_git_gives_it(long distance, string expected)
    {
        Span<byte> bytes = stackalloc byte[PackEntryHeader.LengthMax];
        int length = new PackEntryHeader(PackEntryType.OfsDelta, 1, distance, default).Write(bytes);
        Assert.Equal("61" + expected, Convert.ToHexStringLower(bytes[..length]));
    }

    [Fact]
    public void Decode_after_encode_is_the_identity_and_each_cut_asks_for_more() => Prop.ForAll(
        ArbMap.Default.ArbFor<(PositiveInt Type, ulong Size, ulong Distance, byte Fill)>(),
        input =>
        {
            PackEntryType type = (PackEntryType)((int[])[1, 2, 3, 4, 6, 7])[input.Type.Get % 6];
            long size = (long)(input.Size >> (1 + (input.Type.Get % 60)));
            long distance = type == PackEntryType.OfsDelta ? 1 + (long)(input.Distance >> (8 + (input.Fill % 50))) : 0;
            Oid oid = type == PackEntryType.RefDelta ? Oid.FromBytes(Enumerable.Repeat(input.Fill, 20).ToArray()) : default;
            var header = new PackEntryHeader(type, size, distance, oid);
            byte[] bytes = new byte[PackEntryHeader.LengthMax];
            int length = header.Write(bytes);
            Assert.Equal(length, PackEntryHeader.Read(bytes, long.MaxValue, out PackEntryHeader read));
            Assert.Equal(header, read);
            for (int cut = 0; cut < length; cut++)
            {
                Assert.Equal(0, PackEntryHeader.Read(bytes.AsSpan(0, cut), long.MaxValue, out _));
            }
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_base_before_the_first_entry_is_rejected()
    {
        Assert.Equal(GitFormatError.Delta, Assert.Throws<GitFormatException>(() => PackEntryHeader.Read([0x61, 0x05], 16, out _)).Kind);
        Assert.Equal(2, PackEntryHeader.Read([0x61, 0x05], 17, out _));
    }
}
