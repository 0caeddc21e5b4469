using System.Text;
using Actors.Git.Remotes;
using Actors.Git.Transport;
using Actors.Git.Wire;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace Actors.Git.Tests.Wire;

public sealed class PktLineTests
{
    [Theory]
    [InlineData("0000", PktLineKind.Flush, "", 4)]
    [InlineData("0001rest", PktLineKind.Delimiter, "", 4)]
    [InlineData("0002", PktLineKind.ResponseEnd, "", 4)]
    [InlineData("0004", PktLineKind.Data, "", 4)]
    [InlineData("0006a\nmore", PktLineKind.Data, "a\n", 6)]
    [InlineData("000Bfoobar\n", PktLineKind.Data, "foobar\n", 11)]
    internal void Line_is_read(string input, PktLineKind kind, string payload, int length)
    {
        Assert.Equal(length, PktLine.Read(Encoding.ASCII.GetBytes(input), out PktLineKind readKind, out ReadOnlySpan<byte> readPayload));
        Assert.Equal(kind, readKind);
        Assert.Equal(payload, Encoding.ASCII.GetString(readPayload));
    }

    [Theory]
    [InlineData("")]
    [InlineData("0")]
    [InlineData("000")]
    [InlineData("0005")]
    [InlineData("fff0")]
    [InlineData("000aabcde")]
    public void Part_of_a_line_asks_for_more(string input) => Assert.Equal(0, PktLine.Read(Encoding.ASCII.GetBytes(input), out _, out _));

    [Theory]
    [InlineData("0003")]
    [InlineData("fff1")]
    [InlineData("ffff")]
    [InlineData("<htm")]
    [InlineData("00g")]
    [InlineData("-001")]
    [InlineData("+004")]
    [InlineData(" 004")]
    public void Length_that_cannot_be_is_refused(string input)
    {
        GitFormatException e = Assert.Throws<GitFormatException>(() => PktLine.Read(Encoding.ASCII.GetBytes(input), out _, out _));
        Assert.Equal(GitFormatError.PktLine, e.Kind);
    }

    [Fact]
    public void Longest_line_passes_and_a_longer_one_is_not_written()
    {
        byte[] longest = new byte[Limits.PktLinePayloadBytesMax];
        ReadOnlyMemory<byte> written = new PktLineWriter().Line(longest).Written;
        Assert.Equal("fff0", Encoding.ASCII.GetString(written.Span[..4]));
        Assert.Equal(65520, PktLine.Read(written.Span, out _, out _));
        Assert.Throws<ArgumentOutOfRangeException>(() => new PktLineWriter().Line(new byte[longest.Length + 1]));
    }

    [Fact]
    public void Writer_frames_exactly()
    {
        PktLineWriter writer = new();
        writer.Text("a").Line("b"u8).OidLine("want "u8, Git.Objects.Oid.Parse("0000000000000000000000000000000000000001")).Text("é").Delimiter().Flush();
        Assert.Equal("0006a\n0005b0032want 0000000000000000000000000000000000000001\n0007é\n00010000", Encoding.UTF8.GetString(writer.Written.Span));
    }

    /// <summary>Any split of the input gives the same result.</summary>
    [Fact]
    public void Reader_gives_the_same_lines_however_the_stream_is_cut()
    {
        Gen<(byte[][] Lines, int[] Cuts)> cases =
            from count in Gen.Choose(0, 12)
            from lines in Gen.Choose(0, 300).Select(n => Enumerable.Range(0, n).Select(i => (byte)(i * 7)).ToArray()).ArrayOf(count)
            from cuts in Gen.Choose(1, 40).ArrayOf(200)
            select (lines, cuts);
        Prop.ForAll(Arb.From(cases), c =>
        {
            PktLineWriter writer = new();
            foreach (byte[] line in c.Lines)
            {
                writer.Line(line);
            }

            writer.Flush().Delimiter();
            List<byte[]> read = ReadAll(new CutStream(writer.Written, c.Cuts));
            Assert.Equal(c.Lines.Select(l => Convert.ToHexString(l)), read.Select(l => Convert.ToHexString(l)));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(300));

        static List<byte[]> ReadAll(Stream stream)
        {
            using Deadline deadline = new DeadlinePool(TimeProvider.System).Rent(TimeSpan.FromMinutes(1), Timeout.InfiniteTimeSpan, default);
            using PktLineReader reader = new(stream, deadline);
            List<byte[]> lines = [];
            while (reader.ReadAsync().AsTask().Result is PktLineKind.Data)
            {
                lines.Add(reader.Payload.ToArray());
            }

            Assert.Equal(PktLineKind.Delimiter, reader.ReadAsync().AsTask().Result);
            Assert.Equal(PktLineKind.EndOfInput, reader.ReadAsync().AsTask().Result);
            Assert.Equal(stream.Length, reader.BytesRead);
            return lines;
        }
    }

    [Theory]
    [InlineData("00")]
    [InlineData("0008abc")]
    public async Task Stream_that_ends_inside_a_line_is_cut_off(string bytes)
    {
        using Deadline deadline = new DeadlinePool(TimeProvider.System).Rent(TimeSpan.FromMinutes(1), Timeout.InfiniteTimeSpan, default);
        using PktLineReader reader = new(new MemoryStream(Encoding.ASCII.GetBytes(bytes)), deadline);
        RemoteFailureException e = await Assert.ThrowsAsync<RemoteFailureException>(() => reader.ReadAsync().AsTask());
        Assert.Equal(RemoteFailureKind.CutOff, e.Failure.Kind);
    }
}
