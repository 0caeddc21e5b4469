using System.Text;
using Actors.Sync.Campaigns;
using Actors.TestKit;
using Xunit;

namespace Actors.Sync.Tests.Campaigns;

public sealed class ListSpoolTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("", 0)]
    [InlineData("\n", 1)]
    [InlineData("a", 1)]
    [InlineData("a\nb", 2)]
    [InlineData("a\nb\n\n", 3)]
    public async Task Lines_are_counted_and_read_back(string list, long lines)
    {
        Assert.Equal(lines, await WriteAsync(list));
        using TextReader reader = ListSpool.Open(_folder.FullPath, 0, out long before);
        Assert.Equal((0, list), (before, await reader.ReadToEndAsync(TestContext.Current.CancellationToken)));
    }

    [Fact]
    public async Task A_long_list_goes_on_near_any_line_without_reading_what_is_before()
    {
        string[] lines = [.. Enumerable.Range(1, 400_000).Select(number => $"https://forge.example/some/longer/path/{number}")];
        Assert.Equal(lines.Length, await WriteAsync(string.Join('\n', lines)));
        foreach (int done in (int[])[0, 1, 150_000, 399_998, 400_000])
        {
            using TextReader text = ListSpool.Open(_folder.FullPath, done, out long before);
            Assert.InRange(before, Math.Max(0, done - 110_000), done);
            ListReader reader = new(text, before);
            long read = before;
            while (reader.TryNext() || await reader.FillAsync(TestContext.Current.CancellationToken))
            {
                if (reader.LineNumber == read + 1)
                {
                    read++;
                    Assert.True(reader.Line.SequenceEqual(lines[read - 1]), $"line {read}");
                }
            }

            Assert.Equal(lines.Length, read);
        }
    }

    private Task<long> WriteAsync(string list) =>
        ListSpool.WriteAsync(_folder.FullPath, new MemoryStream(Encoding.UTF8.GetBytes(list)), _ => { }, CancellationToken.None);
}
