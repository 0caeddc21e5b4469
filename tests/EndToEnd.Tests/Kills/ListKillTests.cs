using System.Globalization;
using System.Text;
using Actors.Git.Remotes;
using Actors.Store.Heads;
using Actors.Store.Listings;
using Actors.TestKit;
using Actors.TestKit.Servers;
using Xunit;

namespace Actors.EndToEnd.Tests.Kills;

/// <summary>kill -9 at random points of <c>actors list</c>: the next run with <c>--resume</c> goes on, and at the end nothing is missing. <c>KILL_ROUNDS</c> and <c>KILL_SEED</c> choose.</summary>
public sealed class ListKillTests : IDisposable
{
    private const string First = "/api/v4/projects?pagination=keyset&per_page=100&order_by=id&sort=asc";
    private const int Pages = 9;
    private const int PerPage = 40;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(6)]
    public async Task A_killed_listing_goes_on_and_schedules_every_repository(int seed)
    {
        await using RegistryServer server = new() { Otherwise = Page };
        string[] list = ["list", "gitlab:" + server.Address.AbsoluteUri.TrimEnd('/'), "--schedule", "--resume", "--store", _folder.Make("store")];
        Random random = new(Number("KILL_SEED") ?? seed);
        int killed = 0;
        int rounds = Number("KILL_ROUNDS") ?? 5;
        for (int round = 1; round <= rounds; round++)
        {
            KillTrigger trigger = (KillTrigger)random.Next(Enum.GetValues<KillTrigger>().Length);
            int number = trigger == KillTrigger.Requests ? random.Next(1, 5) : random.Next(1, 40);
            KillReport report = await DoomedRun.RunAsync(_folder["store"], count => server.Asking = count, trigger, number, list);
            TestContext.Current.TestOutputHelper?.WriteLine($"round {round}: {trigger} {number}: killed {report.Killed} at {report.Counted}, {report.Last}");
            Assert.True(report.Killed || report.ExitCode == 0, report.Errors);
            killed += report.Killed ? 1 : 0;
        }

        (int exitCode, string output, string errors) = await ActorsProcess.RunAsync(list);
        Assert.True(exitCode == 0, output + errors);
        Assert.True(killed > 0, "No run was killed: the moments all came too late.");
        int asked = server.Asked.Count;
        // Each kill repeats a page at most, and each run that went on to the end asks once more for what is new.
        Assert.InRange(asked, Pages + 1, Pages + 1 + rounds + 1);

        RepositoryUrl[] urls = [.. Enumerable.Range(1, Pages * PerPage).Select(id => RepositoryUrl.Parse(Url(id)))];
        await using (SqliteHeadStore heads = SqliteHeadStore.Open(Path.Combine(_folder["store"], "heads.sqlite")))
        {
            Assert.DoesNotContain(null, await heads.FindScheduledAsync(urls, CancellationToken.None));
        }

        await using SqliteListingStore listings = SqliteListingStore.Open(Path.Combine(_folder["store"], "listings.sqlite"));
        Assert.DoesNotContain(null, await listings.FindListedAsync(urls, CancellationToken.None));
        Assert.NotNull((await listings.FindListingAsync(list[1], CancellationToken.None))!.EndedAt);
    }

    private static byte[]? Page(string path)
    {
        int after = path == First ? 0 : path.StartsWith(First + "&id_after=", StringComparison.Ordinal) ? int.Parse(path[(First.Length + "&id_after=".Length)..], CultureInfo.InvariantCulture) : -1;
        return after < 0 ? null : Encoding.UTF8.GetBytes($"[{string.Join(',', Enumerable.Range(after + 1, PerPage).Where(id => id <= Pages * PerPage).Select(id => string.Create(
            CultureInfo.InvariantCulture, $$"""{"id":{{id}},"path_with_namespace":"a/{{id}}","http_url_to_repo":"{{Url(id)}}"}""")))}]");
    }

    private static string Url(int id) => string.Create(CultureInfo.InvariantCulture, $"https://gitlab.example.com/a/{id}.git");

    private static int? Number(string variable) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : null;
}
