using Actors.Git.Packs.Compression;
using Xunit;

namespace Actors.Git.Tests.Packs.Compression;

public sealed unsafe class ZlibLibraryTests
{
    [Fact]
    public void The_runtimes_own_zlib_passes_its_test_and_is_chosen()
    {
        ZlibLibrary? runtime = ZlibLibrary.TryLoadRuntime();
        Assert.NotNull(runtime);
        Assert.True(ZlibSelfTest.Passes(runtime));
        Assert.Equal(runtime.Name, ZlibLibrary.Current.Name);
    }

    [Fact]
    public void The_systems_libz_passes_the_same_test()
    {
        ZlibLibrary? system = ZlibLibrary.TryLoadSystem();
        Assert.SkipWhen(system is null, "libz is not installed: the fallback for runtimes without zlib-ng cannot be tried.");
        Assert.True(ZlibSelfTest.Passes(system));
    }

    [Fact]
    public void A_stream_is_inflated_whatever_the_rooms_for_input_and_output()
    {
        byte[] content = new byte[50_000];
        new Random(8).NextBytes(content.AsSpan(0, 20_000));
        byte[] packed = [.. PackMaker.Compress(content), 9, 9, 9];
        using Inflater inflater = ZlibLibrary.Current.CreateInflater();
        foreach ((int inStep, int outStep) in ((int, int)[])[(1, 50_000), (50_000, 1), (7, 13), (packed.Length, 50_000)])
        {
            inflater.Reset();
            byte[] result = new byte[content.Length];
            fixed (byte* from = packed, to = result)
            {
                byte* input = from;
                byte* output = to;
                InflateStatus status = InflateStatus.More;
                for (int guard = 0; status == InflateStatus.More && guard < 200_000; guard++)
                {
                    byte* inputEnd = from + Math.Min(packed.Length, input - from + inStep);
                    byte* outputEnd = to + Math.Min(result.Length, output - to + outStep);
                    status = inflater.Inflate(ref input, inputEnd, ref output, outputEnd, whole: false);
                }

                Assert.Equal(InflateStatus.End, status);
                Assert.Equal(packed.Length - 3, input - from);
            }

            Assert.Equal(content, result);
        }
    }
}
