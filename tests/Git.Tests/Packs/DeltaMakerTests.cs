using Actors.Git.Packs;
using Xunit;

namespace Actors.Git.Tests.Packs;

public sealed class DeltaMakerTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void A_delta_makes_the_result_of_its_base(int seed)
    {
        Random random = new(seed);
        for (int round = 0; round < 400; round++)
        {
            byte[] source = Text(random, random.Next(300_000 / (1 + (round % 50))));
            byte[] result = Changed(random, source);
            if (DeltaMaker.Make(source, result, result.Length + 1000) is { } delta)
            {
                Assert.Equal(result, DeltaApplier.Apply(source, delta, result.Length));
            }
            else
            {
                Assert.True(source.Length < 16 || result.Length < 16);
            }
        }
    }

    [Fact]
    public void What_was_changed_in_one_place_is_short()
    {
        byte[] source = Text(new Random(1), 300_000);
        byte[] result = [.. source.AsSpan(0, 100_000), .. "changed"u8, .. source.AsSpan(100_001)];
        byte[] delta = DeltaMaker.Make(source, result, 1000)!;
        Assert.InRange(delta.Length, 1, 6 + (5 * 8) + 8 + 32);
        Assert.Equal(result, DeltaApplier.Apply(source, delta, result.Length));
    }

    [Fact]
    public void A_delta_that_does_not_pay_is_none()
    {
        byte[] source = new byte[100_000], result = new byte[100_000];
        new Random(1).NextBytes(source);
        new Random(2).NextBytes(result);
        Assert.Null(DeltaMaker.Make(source, result, 50_000));
        for (int bytesMax = 0; bytesMax < 400; bytesMax++)
        {
            byte[] longer = [.. "0123456789abcdef"u8, .. source.AsSpan(0, 300), .. "0123456789abcdef"u8];
            byte[]? delta = DeltaMaker.Make(source, longer, bytesMax);
            Assert.True(delta is null || delta.Length <= bytesMax);
        }
    }

    private static byte[] Text(Random random, int length)
    {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++)
        {
            bytes[i] = (byte)"etaoin shrdlu\n"[Math.Min(random.Next(14), random.Next(14))];
        }

        return bytes;
    }

    private static byte[] Changed(Random random, byte[] source)
    {
        List<byte> result = [.. source];
        for (int i = random.Next(6); i > 0; i--)
        {
            int at = random.Next(result.Count + 1);
            switch (random.Next(3))
            {
                case 0:
                    result.InsertRange(at, Text(random, random.Next(400)));
                    break;
                case 1:
                    result.RemoveRange(at, random.Next(result.Count - at + 1));
                    break;
                default:
                    result.AddRange([.. source.Skip(random.Next(source.Length + 1)).Take(random.Next(80_000))]);
                    break;
            }
        }

        return [.. result];
    }
}
