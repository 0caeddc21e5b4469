using System.IO.Compression;
using System.Text;
using Actors.Sync.Schedules;
using Xunit;

namespace Actors.Sync.Tests.Schedules;

public sealed class EventArchiveTests
{
    private const string Push =
        """{"id":"1","type":"PushEvent","actor":{"id":2,"name":"x/y"},"repo":{"id":3,"name":"owner/repo","url":"https://api.github.com/repos/owner/repo"},"payload":{"ref":"refs/heads/main","repo":{"name":"in/payload"}},"public":true,"created_at":"2026-01-02T03:04:05Z"}""";

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_push_is_told_with_its_time_from_plain_and_gzip_files(bool gzip)
    {
        string text = $"{Push.Replace("PushEvent", "WatchEvent", StringComparison.Ordinal)}\n{Push}\n{Push.Replace("owner/repo", "o/r", StringComparison.Ordinal).Replace("PushEvent", "CreateEvent", StringComparison.Ordinal)}";
        List<ToldChange> changes = await ReadAsync(Encoding.UTF8.GetBytes(text), gzip);
        Assert.Equal(
            ["https://github.com/owner/repo", "https://github.com/owner/repo.git", "https://github.com/o/r", "https://github.com/o/r.git"], changes.Select(change => change.Url.ToString()));
        Assert.All(changes, change => Assert.Equal(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero), change.At));
    }

    [Fact]
    public async Task Lines_that_are_no_events_are_passed_over()
    {
        string[] lines =
        [
            "", "null", "{", "[]", "{\"type\":\"PushEvent\"}", Push[..40], Push.Replace("owner/repo", "../../x y", StringComparison.Ordinal),
            Push.Replace("2026-01-02T03:04:05Z", "soon", StringComparison.Ordinal), new string('x', 100_000), "{\"repo\":7,\"type\":{},\"created_at\":[]}", Push,
        ];
        Assert.Equal(2, (await ReadAsync(Encoding.UTF8.GetBytes(string.Join('\n', lines)), gzip: false)).Count);
        Assert.Empty(await ReadAsync([], gzip: false));
    }

    /// <summary>Memory stays bounded: what is over the limit is dropped as it comes, and the next line is read.</summary>
    [Fact]
    public async Task An_over_long_line_is_dropped_and_the_next_one_read()
    {
        byte[] text = [.. Encoding.UTF8.GetBytes("{\"x\":\""), .. new byte[6 << 20], (byte)'\n', .. Encoding.UTF8.GetBytes(Push + "\n")];
        Assert.Equal(2, (await ReadAsync(text, gzip: true)).Count);
    }

    private static async Task<List<ToldChange>> ReadAsync(byte[] text, bool gzip)
    {
        MemoryStream file = new();
        await using (Stream into = gzip ? new GZipStream(file, CompressionLevel.Fastest, leaveOpen: true) : new BufferedStream(new MemoryStream()))
        {
            await (gzip ? into : file).WriteAsync(text);
        }

        file.Position = 0;
        return await EventArchive.ReadAsync(file, default).ToListAsync();
    }
}
