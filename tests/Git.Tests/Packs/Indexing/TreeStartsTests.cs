using Actors.Git.Packs.Indexing;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace Actors.Git.Tests.Packs.Indexing;

public sealed unsafe class TreeStartsTests
{
    private const int Size = 500;

    [Fact]
    public void Copied_bits_are_the_sources_bits() => Prop.ForAll(
        ArbMap.Default.ArbFor<(ushort From, ushort To, ushort Count, int Seed)>(),
        input =>
        {
            int count = input.Count % Size;
            int from = input.From % (Size - count + 1);
            int to = input.To % (Size - count + 1);
            var source = new ulong[(TreeStarts.BytesFor(Size) / 8) + 1];
            var target = new ulong[source.Length];
            new Random(input.Seed).NextBytes(System.Runtime.InteropServices.MemoryMarshal.AsBytes(source.AsSpan()));
            fixed (ulong* a = source, b = target)
            {
                TreeStarts.Copy(b, to, a, from, count);
                for (int i = 0; i < Size; i++)
                {
                    Assert.Equal(i >= to && i < to + count && TreeStarts.IsSet(a, i - to + from), TreeStarts.IsSet(b, i));
                }
            }
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void The_last_start_is_found()
    {
        ulong* bits = stackalloc ulong[(int)(TreeStarts.BytesFor(Size) / 8)];
        new Span<ulong>(bits, (int)(TreeStarts.BytesFor(Size) / 8)).Clear();
        TreeStarts.Set(bits, 0);
        TreeStarts.Set(bits, 64);
        TreeStarts.Set(bits, 200);
        Assert.Equal([0L, 0, 64, 64, 200, 200], ((long[])[0, 63, 64, 199, 200, 500]).Select(at => TreeStarts.Last(bits, at)));
    }
}
