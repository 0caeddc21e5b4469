using Actors.Git.Packs;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace Actors.Git.Tests.Packs;

public sealed class DeltaApplierTests
{
    [Fact]
    public void Copies_and_inserts_give_what_they_say() => Prop.ForAll(
        ArbMap.Default.ArbFor<(NonNull<byte[]> Source, (byte Kind, ushort At, ushort Count)[] Steps)>(),
        input =>
        {
            byte[] source = [.. input.Source.Get, 1, 2, 3];
            var expected = new List<byte>();
            var instructions = new List<object>();
            foreach ((byte kind, ushort at, ushort count) in input.Steps ?? [])
            {
                if (kind % 2 == 0)
                {
                    int offset = at % source.Length;
                    int size = 1 + (count % (source.Length - offset));
                    instructions.Add((offset, size));
                    expected.AddRange(source[offset..(offset + size)]);
                }
                else
                {
                    byte[] inserted = [.. Enumerable.Range(at, 1 + (count % 127)).Select(value => (byte)value)];
                    instructions.Add(inserted);
                    expected.AddRange(inserted);
                }
            }

            byte[] delta = PackMaker.Delta(source.Length, expected.Count, [.. instructions]);
            Assert.Equal(expected, DeltaApplier.Apply(source, delta, long.MaxValue));
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Any_bytes_give_a_result_or_a_refusal() => Prop.ForAll(
        ArbMap.Default.ArbFor<NonNull<byte[]>>(),
        delta =>
        {
            try
            {
                DeltaApplier.Apply(new byte[100], (byte[])[100, 50, .. delta.Get], 1000);
            }
            catch (GitFormatException)
            {
            }
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_copy_of_size_0_copies_64_KB()
    {
        byte[] source = new byte[0x10000];
        source[^1] = 9;
        Assert.Equal(source, DeltaApplier.Apply(source, [0x80, 0x80, 0x04, 0x80, 0x80, 0x04, 0x80], long.MaxValue));
    }

    [Fact]
    public void A_result_over_the_limit_is_refused_before_it_is_made() => Assert.Equal(
        GitFormatError.OverLimit,
        Assert.Throws<GitFormatException>(() => DeltaApplier.Apply([1], [1, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f], 1000)).Kind);

    [Theory]
    [InlineData("")]
    [InlineData("80")]
    [InlineData("01")]
    [InlineData("ffffffffffffffffffff01")]
    [InlineData("ffffffffffffffff80")]
    public void Sizes_that_are_cut_off_or_too_large_are_refused(string hex) => Assert.Equal(
        GitFormatError.Delta, Assert.Throws<GitFormatException>(() => DeltaApplier.ReadSizes(Convert.FromHexString(hex), out _, out _)).Kind);
}
