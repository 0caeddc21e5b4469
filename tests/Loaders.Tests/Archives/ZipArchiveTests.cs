using Actors.Loaders.Objects;
using Xunit;

namespace Actors.Loaders.Tests.Archives;

public sealed class ZipArchiveTests
{
    [Fact]
    public async Task Names_that_could_leave_are_left_out_in_silence() =>
        Assert.Equal(
            ["d e/", "f ok x"],
            (await Unpacked.OfAsync(Packing.Zip(("/abs", "x"), ("../up", "x"), ("a..b", "x"), ("ok", "x"), ("e/", "")))).Lines);

    [Fact]
    public async Task The_last_entry_of_a_name_wins() =>
        Assert.Equal(["f a 2"], (await Unpacked.OfAsync(Packing.Zip(("a", "1"), ("a", "2")))).Lines);

    [Fact]
    public async Task Names_without_the_flag_are_code_page_437()
    {
        byte[] zip = Packing.Zip(("abc", "x"));
        foreach (int at in Enumerable.Range(0, zip.Length - 3).Where(i => zip.AsSpan(i, 3).SequenceEqual("abc"u8)).ToArray())
        {
            zip[at + 1] = 0x81;
        }

        Assert.Equal(["f aüc x"], (await Unpacked.OfAsync(zip)).Lines);
    }

    /// <summary>Made by Python's zipfile: LZMA, with an end mark.</summary>
    [Fact]
    public async Task An_entry_in_LZMA_is_unpacked()
    {
        _ = await Packing.PipeAsync([], "xz", "--version");
        byte[] zip = Convert.FromHexString(LzmaExample);
        Assert.Equal(["f a one\n"], (await Unpacked.OfAsync(zip)).Lines);
        zip[30 + 1 + 2] = 6;
        await Assert.ThrowsAsync<ArchiveException>(() => Unpacked.OfAsync(zip));
    }

    [Fact]
    public async Task Damage_fails()
    {
        byte[] zip = Packing.Zip(("a", string.Join(' ', Enumerable.Range(0, 500))));
        await Assert.ThrowsAsync<ArchiveException>(() => Unpacked.OfAsync(zip[..^30]));
        byte[] damaged = [.. zip];
        damaged[60] ^= 0xff;
        await Assert.ThrowsAsync<ArchiveException>(() => Unpacked.OfAsync(damaged));
    }

    [Fact]
    public async Task Any_bytes_give_a_tree_or_our_exception()
    {
        byte[] zip = Packing.Zip(("a", "one"), ("b/c", "two"));
        Random random = new(7);
        for (int i = 0; i < 2000; i++)
        {
            byte[] odd = [.. zip];
            for (int flips = random.Next(1, 4); flips > 0; flips--)
            {
                odd[random.Next(4, odd.Length)] = (byte)random.Next(256);
            }

            try
            {
                await Unpacked.OfAsync(odd);
            }
            catch (ArchiveException)
            {
                // As it should.
            }
        }
    }

    private const string LzmaExample =
        "504b03043f0002000e00000021009fa817f817000000040000000100000061090405005d0000800000379b88ccfbd707fffffbc54000504b01023f033f0002000e00000021009fa817f8170000000400000001000000000000000000000080010000000061504b050600000000010001002f000000360000000000";
}
