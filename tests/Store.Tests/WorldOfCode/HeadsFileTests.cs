using System.Globalization;
using System.IO.Compression;
using System.Text;
using Actors.Git.Objects;
using Actors.Git.Refs;
using Actors.Git.Remotes;
using Actors.Store.Heads;
using Actors.Store.WorldOfCode;
using Xunit;

namespace Actors.Store.Tests.WorldOfCode;

public sealed class HeadsFileTests
{
    private static readonly RepositoryUrl Linux = RepositoryUrl.Parse("https://github.com/torvalds/linux");

    [Fact]
    public async Task Each_form_of_line_is_read()
    {
        string text = $"gh:torvalds/linux;{Hex(1)};{Hex(2)};{Hex(1)}\n"
            + "https://a:a@gitlab.com/a/b;could not connect\r\n"
            + "\n"
            + "bb:c/d\n"
            + $"deb:e/f;{Hex(3)};\n"
            + $"gh:g/h;{Hex(4)}";
        List<HeadsFileLine> lines = await ReadAsync(Encoding.UTF8.GetBytes(text));
        Assert.Equal(
            [
                $"1 https://github.com/torvalds/linux {Hex(1)} {Hex(2)} {Hex(1)}", "2 https://gitlab.com/a/b", "4 https://bitbucket.org/c/d",
                $"5 https://salsa.debian.org/e/f {Hex(3)}", $"6 https://github.com/g/h {Hex(4)}",
            ],
            lines.Select(Show));
    }

    [Fact]
    public async Task Lines_of_one_ref_are_gathered_while_the_URL_stays()
    {
        string text = $"gh:a/b;{Hex(1)};HEAD\ngh:a/b;{Hex(2)};refs/heads/a;b\nhttps://github.com/a/b;{Hex(3)};refs/tags/v1^{{}}\n"
            + $"gh:c/d;{Hex(4)};refs/heads/main\n"
            + $"gh:e/f;{Hex(5)}\n"
            + $"gh:a/b;{Hex(6)};refs/heads/main\n";
        Assert.Equal(
            [
                $"1 https://github.com/a/b {Hex(1)} {Hex(2)} {Hex(3)}", $"4 https://github.com/c/d {Hex(4)}", $"5 https://github.com/e/f {Hex(5)}",
                $"6 https://github.com/a/b {Hex(6)}",
            ],
            (await ReadAsync(Encoding.UTF8.GetBytes(text))).Select(Show));
    }

    [Fact]
    public async Task Bad_lines_are_told_with_their_number_and_stop_nothing()
    {
        string upper = new('A', 40);
        string text = $"gh:a/b;{Hex(1)};HEAD\n;{Hex(1)}\next::sh -c x;{Hex(1)}\ngh:a/b;{Hex(1)};rubbish\ngh:a/b;{upper}\ngh:a/b;{Hex(1)[..39]}\ngh:a/b;{Hex(1)};;{Hex(2)}\n"
            + $"gh:a/b;{Hex(1)};{Hex(2)};refs/heads/x\n{new string('x', 5000)};{Hex(1)}\ngh:a/b;could not connect;{Hex(1)}\ngh:c/d;{Hex(7)}\n";
        Assert.Equal(
            [
                $"1 https://github.com/a/b {Hex(1)}", "2 bad: empty", "3 bad: names a remote helper ('::')", "4 bad: field 3 is not an object id of 40 hex digits",
                "5 bad: field 2 is not an object id of 40 hex digits", "6 bad: field 2 is not an object id of 40 hex digits", "7 bad: field 3 is not an object id of 40 hex digits",
                "8 bad: field 4 is not an object id of 40 hex digits", "9 bad: its URL is longer than 4096 characters", "10 bad: field 2 is not an object id of 40 hex digits",
                $"11 https://github.com/c/d {Hex(7)}",
            ],
            (await ReadAsync(Encoding.UTF8.GetBytes(text))).Select(Show));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(100_000)]
    public async Task Gzip_is_told_by_its_first_bytes_however_the_input_is_cut(int piece)
    {
        byte[] text = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, 500).Select(i => $"gh:a/b{i};{Hex(i)}\n")));
        using MemoryStream packed = new();
        await using (GZipStream gzip = new(packed, CompressionMode.Compress, leaveOpen: true))
        {
            await gzip.WriteAsync(text);
        }

        foreach (byte[] bytes in new[] { text, packed.ToArray() })
        {
            List<HeadsFileLine> lines = await ReadAsync(new PiecewiseStream(bytes, piece));
            Assert.Equal(Enumerable.Range(0, 500).Select(i => $"{i + 1} https://github.com/a/b{i} {Hex(i)}"), lines.Select(Show));
        }
    }

    [Fact]
    public async Task Damaged_gzip_is_an_error() =>
        await Assert.ThrowsAsync<InvalidDataException>(async () => await ReadAsync([0x1f, 0x8b, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]));

    [Theory]
    [InlineData("")]
    [InlineData("\n")]
    [InlineData("\r\n\n")]
    public async Task An_empty_file_has_no_lines(string text) => Assert.Empty(await ReadAsync(Encoding.UTF8.GetBytes(text)));

    [Fact]
    public async Task A_line_over_the_limit_is_passed_over_in_bounded_memory()
    {
        byte[] text = Encoding.ASCII.GetBytes($"{new string('x', 300_000)}\ngh:a/b;{Hex(1)}\n{new string('y', 3000)}");
        await using LineReader lines = new(new MemoryStream(text), lineBytesMax: 1000);
        Assert.Equal((true, null), await lines.ReadAsync(default));
        (bool any, byte[]? line) = await lines.ReadAsync(default);
        Assert.Equal((true, $"gh:a/b;{Hex(1)}", 2), (any, Encoding.ASCII.GetString(line!), lines.Number));
        Assert.Equal((true, null), await lines.ReadAsync(default));
        Assert.Equal((false, null), await lines.ReadAsync(default));
        Assert.Equal(3, lines.Number);
    }

    [Fact]
    public void Heads_are_written_in_the_order_of_an_advertisement()
    {
        Snapshot heads = Snapshot.Create(
        [
            new(RefName.Parse("refs/tags/v1"), SnapshotTarget.Release, Id(3), Peeled: Id(1)),
            new(RefName.Parse("refs/heads/main"), SnapshotTarget.Revision, Id(1)),
            new(RefName.Parse("refs/heads/gone"), SnapshotTarget.Dangling, Oid.Zero),
            new(RefName.Parse("refs/heads/dev"), SnapshotTarget.Revision, Id(2)),
            new(RefName.Parse("AAA"), SnapshotTarget.Revision, Id(9)),
            new(RefName.Head, SnapshotTarget.Alias, Oid.Zero, RefName.Parse("refs/heads/main")),
        ]);
        Assert.Equal($"https://github.com/torvalds/linux;{Hex(1)};{Hex(9)};{Hex(2)};{Hex(1)};{Hex(3)};{Hex(1)}", HeadsFile.Format(Linux, heads));
    }

    [Fact]
    public void Empty_and_never_reached_repositories_are_written_apart()
    {
        Assert.Equal("https://github.com/torvalds/linux", HeadsFile.Format(Linux, Snapshot.Empty));
        Assert.Equal("https://github.com/torvalds/linux;could not connect", HeadsFile.Format(Linux, null));
        Assert.Equal("https://github.com/torvalds/linux;could not connect", HeadsFile.Format(new ImportedHeads(Linux, [])));
        Assert.Equal($"https://github.com/torvalds/linux;{Hex(1)};{Hex(2)}", HeadsFile.Format(new ImportedHeads(Linux, [Id(1), Id(2)])));
    }

    private static Task<List<HeadsFileLine>> ReadAsync(byte[] bytes) => ReadAsync(new MemoryStream(bytes));

    private static async Task<List<HeadsFileLine>> ReadAsync(Stream stream)
    {
        List<HeadsFileLine> lines = [];
        await foreach (HeadsFileLine line in HeadsFile.ReadAsync(stream, default))
        {
            lines.Add(line);
        }

        return lines;
    }

    private static string Show(HeadsFileLine line) => line.Heads is { } heads
        ? string.Join(' ', heads.Oids.Select(o => o.ToString()).Prepend($"{line.Number} {heads.Url}"))
        : $"{line.Number} bad: {line.Error}";

    private static Oid Id(int number) => Oid.Parse(Hex(number));

    private static string Hex(int number) => number.ToString("x40", CultureInfo.InvariantCulture);
}
