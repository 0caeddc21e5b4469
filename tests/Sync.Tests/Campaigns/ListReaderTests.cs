using System.Text;
using Actors.Sync.Campaigns;
using Xunit;

namespace Actors.Sync.Tests.Campaigns;

public sealed class ListReaderTests
{
    [Theory]
    [InlineData("")]
    [InlineData("a")]
    [InlineData("a\n")]
    [InlineData("a\nb")]
    [InlineData("\n\na\r\n\nb\n")]
    public async Task Lines_come_with_their_numbers_wherever_reads_are_cut(string text)
    {
        string[] whole = text.Split('\n');
        string[] expected = whole[^1].Length == 0 ? whole[..^1] : whole;
        for (int chunk = 1; chunk <= text.Length + 1; chunk++)
        {
            List<string> lines = [];
            ListReader reader = new(new ChunkedText(text, chunk));
            while (await NextAsync(reader))
            {
                lines.Add(reader.Line.ToString());
                Assert.Equal(lines.Count, reader.LineNumber);
            }

            Assert.Equal(expected, lines);
            Assert.False(await NextAsync(reader));
            Assert.Equal(expected.Length, reader.LineNumber);
        }
    }

    [Fact]
    public async Task Endless_line_is_rejected_without_being_kept()
    {
        ListReader reader = new(new RepeatedText('x', 1L << 28, "\nhttps://example.org/a\n"));
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.True(await NextAsync(reader));
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 1 << 20);
        ListLine line = reader.Parse();
        Assert.Equal(ListLine.Kind.Rejected, line.Holds);
        Assert.Equal("longer than 8192 characters", line.Reason);
        Assert.True(await NextAsync(reader));
        Assert.Equal((2, "https://example.org/a"), (reader.LineNumber, reader.Parse().Url.ToString()));
        Assert.False(await NextAsync(reader));
    }

    [Fact]
    public async Task Heads_line_of_any_length_gives_its_url()
    {
        StringBuilder line = new("gh:owner/repo");
        for (int oid = 0; oid < 10_000; oid++)
        {
            line.Append(";1111111111111111111111111111111111111111");
        }

        ListReader reader = new(new StringReader(line.ToString()));
        Assert.True(await NextAsync(reader));
        Assert.Equal("https://github.com/owner/repo", reader.Parse().Url.ToString());
    }

    [Fact]
    public async Task Waiting_for_a_slow_list_ends_with_cancellation()
    {
        using CancellationTokenSource cancel = new();
        ListReader reader = new(new SilentText());
        Assert.False(reader.TryNext());
        ValueTask<bool> fill = reader.FillAsync(cancel.Token);
        Assert.False(fill.IsCompleted);
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await fill);
    }

    private static async Task<bool> NextAsync(ListReader reader)
    {
        while (!reader.TryNext())
        {
            if (!await reader.FillAsync(CancellationToken.None))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Gives at most so many characters a read.</summary>
    private sealed class ChunkedText(string text, int chunk) : TextReader
    {
        private int _next;

        public override ValueTask<int> ReadAsync(Memory<char> buffer, CancellationToken cancellationToken = default)
        {
            int count = Math.Min(Math.Min(chunk, buffer.Length), text.Length - _next);
            text.AsMemory(_next, count).CopyTo(buffer);
            _next += count;
            return new(count);
        }
    }

    /// <summary>One character very often, then an end.</summary>
    private sealed class RepeatedText(char character, long count, string end) : TextReader
    {
        private readonly StringReader _end = new(end);
        private long _left = count;

        public override ValueTask<int> ReadAsync(Memory<char> buffer, CancellationToken cancellationToken = default)
        {
            if (_left == 0)
            {
                return _end.ReadAsync(buffer, cancellationToken);
            }

            int part = (int)Math.Min(_left, buffer.Length);
            buffer.Span[..part].Fill(character);
            _left -= part;
            return new(part);
        }
    }

    /// <summary>Never answers and never hears of cancellation, as a console does.</summary>
    private sealed class SilentText : TextReader
    {
        public override ValueTask<int> ReadAsync(Memory<char> buffer, CancellationToken cancellationToken = default) =>
            new(new TaskCompletionSource<int>().Task);
    }
}
