using Actors.TestKit;
using Xunit;

namespace Actors.Client.Tests.Commands;

public sealed class ServeCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("without tokens everybody who reaches 0.0.0.0:0 could submit and cancel", "--listen", "0.0.0.0:0")]
    [InlineData("without tokens everybody who reaches 192.0.2.1:80 could submit and cancel", "--metrics-listen", "192.0.2.1:80")]
    [InlineData("without tokens everybody who reaches [::]:80 could submit and cancel", "--dashboard-listen", "[::]:80")]
    [InlineData("--listen: 'localhost' is not ADDRESS:PORT", "--listen", "localhost")]
    [InlineData("--listen: '127.0.0.1' is not ADDRESS:PORT", "--listen", "127.0.0.1")]
    [InlineData("--listen: '::1' is not ADDRESS:PORT", "--listen", "::1")]
    [InlineData("--token-file: '/no/such/file'", "--token-file", "/no/such/file")]
    [InlineData("each other's opposite", "--token-file", "/no/such/file", "--no-token")]
    [InlineData("are for --watch, which is missing", "--visits", "2")]
    [InlineData("--webhooks: '8422' is not ADDRESS:PORT", "--watch", "--webhooks", "8422")]
    [InlineData("--webhooks needs --webhook-secret-file", "--watch", "--webhooks", "127.0.0.1:0")]
    [InlineData("--webhook-secret-file is for --webhooks", "--watch", "--webhook-secret-file", "/no/such/file")]
    [InlineData("--hosts: '/no/such/file'", "--hosts", "/no/such/file")]
    public async Task What_is_wrong_is_told_before_a_store_is_made(string told, params string[] options)
    {
        CommandRun run = await CommandRun.OfAsync("", ["serve", "--store", _folder["store"], .. options]);
        Assert.Equal(1, run.Code);
        Assert.Contains(told, run.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_folder["store"]));
    }

    [Fact]
    public async Task A_token_file_that_is_not_right_is_told_without_its_secrets()
    {
        string path = _folder.Write("tokens", "write geheim\n");
        CommandRun run = await CommandRun.OfAsync("", "serve", "--store", _folder["store"], "--token-file", path);
        Assert.Equal(1, run.Code);
        Assert.Contains("Line 1", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("geheim", run.Error, StringComparison.Ordinal);
    }
}
