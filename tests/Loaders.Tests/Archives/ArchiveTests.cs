using System.IO.Compression;
using Actors.Loaders.Archives;
using Actors.Loaders.Objects;
using Xunit;

namespace Actors.Loaders.Tests.Archives;

public sealed class ArchiveTests
{
    private static readonly (string, string)[] Entries = [("top/", ""), ("top/a", "one\n"), ("top/b/c", "two\n"), ("top/empty/", "")];
    private static readonly string[] Expected = ["d top/", "d top/b/", "d top/empty/", "f top/a one\n", "f top/b/c two\n"];

    [Theory]
    [InlineData("cat")]
    [InlineData("gzip")]
    [InlineData("bzip2")]
    [InlineData("compress")]
    [InlineData("xz")]
    [InlineData("zstd")]
    public async Task Every_compression_gives_the_same_tree(string program)
    {
        byte[] packed = await Packing.PipeAsync(Packing.Tar(Entries), program, program == "cat" ? [] : ["-c"]);
        Unpacked unpacked = await Unpacked.OfAsync(packed);
        Assert.Equal(Expected, unpacked.Lines);
    }

    [Fact]
    public async Task An_lzip_archive_is_unpacked()
    {
        // A tar of one file in the container of lzip's manual, "File format".
        _ = await Packing.PipeAsync([], "xz", "--version");
        byte[] lzip = Convert.FromHexString(LzipExample);
        Assert.Equal(["f a one\n"], (await Unpacked.OfAsync(lzip)).Lines);
    }

    [Fact]
    public async Task Two_bzip2_streams_are_one_archive()
    {
        byte[] tar = Packing.Tar(Entries);
        byte[] first = await Packing.PipeAsync(tar[..700], "bzip2", "-c"), second = await Packing.PipeAsync(tar[700..], "bzip2", "-c");
        Assert.Equal(Expected, (await Unpacked.OfAsync([.. first, .. second])).Lines);
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("bzip2")]
    [InlineData("xz")]
    [InlineData("zstd")]
    public async Task A_damaged_or_cut_archive_fails(string program)
    {
        byte[] packed = await Packing.PipeAsync(Packing.Tar([.. Enumerable.Range(0, 200).Select(i => ($"f{i}", $"content {i * 7919}"))]), program, "-c");
        await Assert.ThrowsAsync<ArchiveException>(() => Unpacked.OfAsync(packed[..(packed.Length / 2)]));
        byte[] damaged = [.. packed];
        damaged[packed.Length / 2] ^= 0x55;
        damaged[(packed.Length / 2) + 1] ^= 0x55;
        await Assert.ThrowsAsync<ArchiveException>(() => Unpacked.OfAsync(damaged));
    }

    /// <summary>Cut between two entries of the tar, which by itself would be whole: gzip's stream has not ended.</summary>
    [Fact]
    public async Task A_gzip_stream_that_is_cut_where_an_entry_ends_fails()
    {
        byte[] tar = Packing.Tar(Entries);
        MemoryStream packed = new();
        GZipStream gzip = new(packed, CompressionLevel.Fastest);
        await gzip.WriteAsync(tar.AsMemory(0, tar.AsSpan().LastIndexOfAnyExcept((byte)0) / 512 * 512 + 512));
        await gzip.FlushAsync();
        await Assert.ThrowsAsync<ArchiveException>(() => Unpacked.OfAsync(packed.ToArray()));
        await gzip.DisposeAsync();
        Assert.Equal(Expected, (await Unpacked.OfAsync(packed.ToArray())).Lines);
    }

    [Fact]
    public async Task What_is_no_archive_fails_by_name()
    {
        ArchiveException e = await Assert.ThrowsAsync<ArchiveException>(() => Unpacked.OfAsync("hello"u8.ToArray()));
        Assert.Contains("known format", e.Message, StringComparison.Ordinal);
        e = await Assert.ThrowsAsync<ArchiveException>(() => Unpacked.OfAsync(Packing.Gzip("hello"u8.ToArray())));
        Assert.Contains("not a tar archive", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_bomb_is_ended_by_its_ratio_and_by_its_size()
    {
        RatioGuard.Check(Limits.RatioFreeBytes, 1);
        RatioGuard.Check(Limits.RatioFreeBytes + 300, (Limits.RatioFreeBytes / Limits.RatioMax) + 2);
        Assert.Throws<ArchiveException>(() => RatioGuard.Check(Limits.RatioFreeBytes + 300, Limits.RatioFreeBytes / Limits.RatioMax));
        Assert.Throws<ArchiveException>(() => RatioGuard.Check(Limits.UnpackedBytesMax + 1, Limits.UnpackedBytesMax));
    }

    private const string LzipExample =
        "4c5a4950010c00308033501868898301dce26e2108bba579b2e9655f10e0a1af000e937e251b92db06a093ca1dc7e7582f4b3a9dd7dae87039ee07f155d98094a2ffffefbd900052428b7600080000000000005b00000000000000";
}
