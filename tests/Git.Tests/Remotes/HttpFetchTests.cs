using System.IO.Compression;
using System.Text;
using Actors.Git.Objects;
using Actors.Git.Remotes;
using Actors.TestKit.Servers;
using Xunit;

namespace Actors.Git.Tests.Remotes;

/// <summary>Fetches in v2 from a server that answers each round with chosen bytes.</summary>
public sealed class HttpFetchTests
{
    private static readonly Oid Want = Oid.Parse(new string('1', 40));
    private static readonly Oid Have = Oid.Parse(new string('2', 40));
    private static readonly byte[] Pack = Encoding.ASCII.GetBytes("PACK pretended");
    private static readonly byte[] Band = Pkt.Join(Pkt.Sideband(2, "Counting: 1\rCounting: 2, done.\n"u8), Pkt.Sideband(1, Pack.AsSpan(0, 5)), Pkt.Sideband(1, []), Pkt.Sideband(1, Pack.AsSpan(5)), Pkt.Flush);

    [Fact]
    public async Task Clone_says_done_at_once_and_takes_the_pack()
    {
        Exchange exchange = await ExchangeAsync(new FetchRequest { Wants = [Want] }, Pkt.Join(Pkt.Line("packfile\n"), Band));
        Assert.Null(exchange.Result.Failure);
        Assert.Equal(Pack, exchange.Received);
        Assert.EndsWith("0009done\n0000", Assert.Single(exchange.Asked), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ready_server_sends_the_pack_in_the_same_answer()
    {
        Exchange exchange = await ExchangeAsync(
            new FetchRequest { Wants = [Want], Haves = [Have] },
            Pkt.Join(Pkt.Line("acknowledgments\n"), Pkt.Line($"ACK {Have}\n"), Pkt.Line("ready\n"), Pkt.Delim, Pkt.Line("packfile\n"), Band));
        Assert.Null(exchange.Result.Failure);
        Assert.Equal([Have], exchange.Result.Common);
        Assert.Equal(Pack, exchange.Received);
        Assert.DoesNotContain("done", Assert.Single(exchange.Asked), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Later_round_repeats_wants_and_what_is_common_but_no_stranger()
    {
        Oid[] haves = [.. Enumerable.Range(1, Limits.HavesPerRound + 1).Select(i => Oid.Parse(i.ToString("x40", null)))];
        Exchange exchange = await ExchangeAsync(
            new FetchRequest { Wants = [Want], Haves = haves },
            Pkt.Join(Pkt.Line("acknowledgments\n"), Pkt.Line($"ACK {haves[3]}\n"), Pkt.Flush),
            Pkt.Join(Pkt.Line("acknowledgments\n"), Pkt.Line($"ACK {haves[3]}\n"), Pkt.Flush),
            Pkt.Join(Pkt.Line("packfile\n"), Band));
        Assert.Null(exchange.Result.Failure);
        Assert.Equal([haves[3]], exchange.Result.Common);
        Assert.Equal(3, exchange.Result.Requests);
        Assert.Equal(Limits.HavesPerRound, exchange.Asked[0].Split("have ").Length - 1);
        Assert.EndsWith($"0032want {Want}\n0032have {haves[3]}\n0032have {haves[^1]}\n0000", exchange.Asked[1], StringComparison.Ordinal);
        Assert.EndsWith($"0032want {Want}\n0032have {haves[3]}\n0009done\n0000", exchange.Asked[2], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Shallow_boundary_is_told()
    {
        Exchange exchange = await ExchangeAsync(
            new FetchRequest { Wants = [Want], Deepen = 1 },
            Pkt.Join(Pkt.Line("shallow-info\n"), Pkt.Line($"shallow {Want}\n"), Pkt.Line($"shallow {Have}\n"), Pkt.Line($"unshallow {Have}\n"), Pkt.Delim, Pkt.Line("packfile\n"), Band));
        Assert.Null(exchange.Result.Failure);
        Assert.Equal([Want], exchange.Result.Shallow);
    }

    /// <summary>Answers against the protocol, with the name of what they are; the receiver is never called.</summary>
    public static TheoryData<string, byte[], RemoteFailureKind> WrongAnswers => new()
    {
        { "pack not asked for", Pkt.Join(Pkt.Line("packfile\n"), Band), RemoteFailureKind.Malformed },
        { "pack without ready", Pkt.Join(Pkt.Line("acknowledgments\n"), Pkt.Line("NAK\n"), Pkt.Delim, Pkt.Line("packfile\n"), Band), RemoteFailureKind.Malformed },
        { "ready without pack", Pkt.Join(Pkt.Line("acknowledgments\n"), Pkt.Line("ready\n"), Pkt.Flush), RemoteFailureKind.Malformed },
        { "unknown acknowledgment", Pkt.Join(Pkt.Line("acknowledgments\n"), Pkt.Line("MAYBE\n"), Pkt.Flush), RemoteFailureKind.Malformed },
        { "acknowledged nothing", Pkt.Join(Pkt.Line("acknowledgments\n"), Pkt.Line("ACK 123\n"), Pkt.Flush), RemoteFailureKind.Malformed },
        { "sections out of order", Pkt.Join(Pkt.Line("shallow-info\n"), Pkt.Delim, Pkt.Line("acknowledgments\n"), Pkt.Line("NAK\n"), Pkt.Flush), RemoteFailureKind.Malformed },
        { "section twice", Pkt.Join(Pkt.Line("acknowledgments\n"), Pkt.Line("ready\n"), Pkt.Delim, Pkt.Line("acknowledgments\n"), Pkt.Line("ready\n"), Pkt.Flush), RemoteFailureKind.Malformed },
        { "section not asked for", Pkt.Join(Pkt.Line("acknowledgments\n"), Pkt.Line("ready\n"), Pkt.Delim, Pkt.Line("wanted-refs\n"), Pkt.Flush), RemoteFailureKind.Malformed },
        { "flush alone", Pkt.Flush, RemoteFailureKind.Malformed },
        { "response end", Pkt.ResponseEnd, RemoteFailureKind.Malformed },
        { "html", Encoding.ASCII.GetBytes("<html></html>"), RemoteFailureKind.Malformed },
        { "shallow-info alone", Pkt.Join(Pkt.Line("acknowledgments\n"), Pkt.Line("ready\n"), Pkt.Delim, Pkt.Line("shallow-info\n"), Pkt.Flush), RemoteFailureKind.Malformed },
        { "odd shallow line", Pkt.Join(Pkt.Line("acknowledgments\n"), Pkt.Line("ready\n"), Pkt.Delim, Pkt.Line("shallow-info\n"), Pkt.Line("deep\n"), Pkt.Delim), RemoteFailureKind.Malformed },
        { "cut in acknowledgments", Pkt.Join(Pkt.Line("acknowledgments\n"), Pkt.Line("NAK\n")), RemoteFailureKind.CutOff },
        { "cut between sections", Pkt.Join(Pkt.Line("acknowledgments\n"), Pkt.Line("ready\n"), Pkt.Delim), RemoteFailureKind.CutOff },
        { "cut in a line", Pkt.Line("acknowledgments\n")[..9], RemoteFailureKind.CutOff },
        { "not our ref", Pkt.Line($"ERR upload-pack: not our ref {Want}"), RemoteFailureKind.NotOurRef },
        { "throttled", Pkt.Line("ERR rate limit exceeded"), RemoteFailureKind.Throttled },
        { "error later", Pkt.Join(Pkt.Line("acknowledgments\n"), Pkt.Line("ERR out of memory")), RemoteFailureKind.RemoteError },
    };

    [Theory]
    [MemberData(nameof(WrongAnswers))]
    public async Task Answer_against_the_protocol_is_a_failure(string what, byte[] answer, RemoteFailureKind kind)
    {
        Exchange exchange = await ExchangeAsync(new FetchRequest { Wants = [Want], Haves = [Have] }, answer);
        Assert.True(kind == exchange.Result.Failure?.Kind, $"{what}: {exchange.Result.Failure}");
        Assert.Null(exchange.Received);
    }

    /// <summary>What may go wrong inside the pack: the receiver has begun, sees an I/O exception, and the result says why.</summary>
    public static TheoryData<string, byte[], RemoteFailureKind> WrongPacks => new()
    {
        { "error on band 3", Pkt.Join(Pkt.Sideband(1, Pack), Pkt.Sideband(3, "repack failed"u8)), RemoteFailureKind.RemoteError },
        { "throttled on band 3", Pkt.Join(Pkt.Sideband(1, Pack), Pkt.Sideband(3, "too many requests"u8)), RemoteFailureKind.Throttled },
        { "error-line", Pkt.Join(Pkt.Sideband(1, Pack), Pkt.Line("ERR gone")), RemoteFailureKind.RemoteError },
        { "band 4", Pkt.Join(Pkt.Sideband(1, Pack), Pkt.Sideband(4, "x"u8)), RemoteFailureKind.Malformed },
        { "empty line", Pkt.Join(Pkt.Sideband(1, Pack), Pkt.Line("")), RemoteFailureKind.Malformed },
        { "delimiter", Pkt.Join(Pkt.Sideband(1, Pack), Pkt.Delim), RemoteFailureKind.Malformed },
        { "no hex", Pkt.Join(Pkt.Sideband(1, Pack), "zzzz"u8.ToArray()), RemoteFailureKind.Malformed },
        { "no flush", Pkt.Sideband(1, Pack), RemoteFailureKind.CutOff },
        { "cut in a line", Pkt.Sideband(1, Pack)[..10], RemoteFailureKind.CutOff },
    };

    [Theory]
    [MemberData(nameof(WrongPacks))]
    public async Task Failure_inside_the_pack_reaches_receiver_and_result(string what, byte[] band, RemoteFailureKind kind)
    {
        Exchange exchange = await ExchangeAsync(new FetchRequest { Wants = [Want] }, Pkt.Join(Pkt.Line("packfile\n"), band));
        Assert.True(kind == exchange.Result.Failure?.Kind, $"{what}: {exchange.Result.Failure}");
        Assert.IsAssignableFrom<IOException>(exchange.Thrown);
        Assert.False(exchange.Result.PackReceived);
    }

    [Fact]
    public async Task Connection_that_breaks_inside_the_pack_is_cut_off()
    {
        await using ScriptedSocket server = new(async connection =>
        {
            await connection.ReadHttpRequestAsync();
            await connection.SendAsync(HttpAnswer.Of(Pkt.Join(Pkt.Line("packfile\n"), Pkt.Sideband(1, Pack)), 200, 10_000));
        });
        await using GitClient client = new(new GitClientOptions());
        RepositoryUrl url = RepositoryUrl.Parse($"http://127.0.0.1:{server.Port}/a");
        client.Profiles.Learn(url.Host, new ServerProfile(2));
        FetchResult result = await client.FetchAsync(url, new FetchRequest { Wants = [Want] }, (pack, stop) => pack.CopyToAsync(Stream.Null, stop), default);
        Assert.Equal(RemoteFailureKind.CutOff, result.Failure?.Kind);
    }

    [Fact]
    public async Task Progress_lines_come_one_by_one()
    {
        List<string> lines = [];
        await ExchangeAsync(new FetchRequest { Wants = [Want], Progress = new Told(lines) }, Pkt.Join(Pkt.Line("packfile\n"), Band));
        Assert.Equal(["Counting: 1", "Counting: 2, done."], lines);
    }

    [Fact]
    public async Task Receiver_that_leaves_pack_bytes_unread_is_our_bug()
    {
        await using CannedServer server = new(HttpAnswer.UploadPackResult(Pkt.Join(Pkt.Line("packfile\n"), Band)));
        await using GitClient client = Knowing(server, new ServerProfile(2));
        await Assert.ThrowsAsync<InvalidOperationException>(() => client.FetchAsync(UrlOf(server), new FetchRequest { Wants = [Want] }, (_, _) => Task.CompletedTask, default));
    }

    [Fact]
    public async Task Error_behind_a_whole_pack_is_still_a_failure()
    {
        Exchange exchange = await ExchangeAsync(
            new FetchRequest { Wants = [Want] },
            async (pack, stop) => await pack.ReadExactlyAsync(new byte[Pack.Length], stop),
            Pkt.Join(Pkt.Line("packfile\n"), Pkt.Sideband(1, Pack), Pkt.Sideband(3, "late"u8)));
        Assert.Equal(RemoteFailureKind.RemoteError, exchange.Result.Failure?.Kind);
    }

    [Theory]
    [InlineData("v2 sha1 shallow", "v2 sha1 shallow", "without a word")]
    [InlineData("v2 sha1 filter", "v2 sha1", "no longer")]
    [InlineData("v2 sha1", "v2 sha256", "SHA-256")]
    public async Task Empty_answer_is_explained_by_the_advertisement(string before, string now, string words)
    {
        ServerProfile known = ServerProfile.Parse(before);
        ServerProfile taught = ServerProfile.Parse(now);
        byte[] advertisement = Pkt.Join(
            Pkt.Line("version 2\n"), Pkt.Line("ls-refs\n"), Pkt.Line($"fetch={(taught.Shallow ? "shallow" : "")}\n"),
            Pkt.Line($"object-format={(taught.ObjectFormat == Actors.Git.Refs.ObjectFormat.Sha256 ? "sha256" : "sha1")}\n"), Pkt.Flush);
        await using CannedServer server = new(request => request.Head.StartsWith("GET"u8) ? HttpAnswer.Advertisement(advertisement) : HttpAnswer.UploadPackResult([]));
        await using GitClient client = Knowing(server, known);
        FetchResult result = await client.FetchAsync(UrlOf(server), new FetchRequest { Wants = [Want] }, (_, _) => Task.CompletedTask, default);
        Assert.Equal((RemoteFailureKind.Unsupported, 2), (result.Failure?.Kind, result.Requests));
        Assert.Contains(words, result.Failure?.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Long_request_is_compressed()
    {
        string body = "";
        bool gzip = false;
        await using CannedServer server = new(request =>
        {
            gzip = request.HeadText.Contains("Content-Encoding: gzip", StringComparison.Ordinal);
            using GZipStream stream = new(new MemoryStream(request.Body.ToArray()), CompressionMode.Decompress);
            using StreamReader reader = new(stream);
            body = reader.ReadToEnd();
            return HttpAnswer.UploadPackResult(Pkt.Join(Pkt.Line("acknowledgments\n"), Pkt.Line("NAK\n"), Pkt.Flush));
        });
        await using GitClient client = Knowing(server, new ServerProfile(2));
        Oid[] haves = [.. Enumerable.Range(1, 100).Select(i => Oid.Parse(i.ToString("x40", null)))];
        FetchResult result = await client.FetchAsync(
            UrlOf(server), new FetchRequest { Wants = [Want], Haves = haves, NothingInCommon = NothingInCommon.Stop }, (_, _) => Task.CompletedTask, default);
        Assert.Null(result.Failure);
        Assert.True(gzip);
        Assert.EndsWith($"0032have {haves[^1]}\n0000", body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Fetch_without_wants_is_our_bug()
    {
        await using GitClient client = new(new GitClientOptions());
        await Assert.ThrowsAsync<ArgumentException>(() => client.FetchAsync(RepositoryUrl.Parse("http://127.0.0.1:1/a"), new FetchRequest { Wants = [] }, (_, _) => Task.CompletedTask, default));
    }

    private static Task<Exchange> ExchangeAsync(FetchRequest request, params byte[][] answers) => ExchangeAsync(request, null, answers);

    private static async Task<Exchange> ExchangeAsync(FetchRequest request, Func<Stream, CancellationToken, Task>? receiver, params byte[][] answers)
    {
        List<string> asked = [];
        await using CannedServer server = new(request =>
        {
            lock (asked)
            {
                asked.Add(Read(request));
                return HttpAnswer.UploadPackResult(answers[asked.Count - 1]);
            }
        });
        await using GitClient client = Knowing(server, new ServerProfile(2, Filter: true, Shallow: true, WaitForDone: true));
        byte[]? received = null;
        Exception? thrown = null;
        FetchResult result = await client.FetchAsync(UrlOf(server), request, receiver ?? (async (pack, stop) =>
        {
            MemoryStream bytes = new();
            try
            {
                await pack.CopyToAsync(bytes, stop);
                received = bytes.ToArray();
            }
            catch (Exception e)
            {
                thrown = e;
                throw;
            }
        }), default);
        return new Exchange(result, received, thrown, asked);
    }

    private static string Read(CannedRequest request)
    {
        if (!request.HeadText.Contains("Content-Encoding: gzip", StringComparison.Ordinal))
        {
            return Encoding.ASCII.GetString(request.Body);
        }

        using StreamReader reader = new(new GZipStream(new MemoryStream(request.Body.ToArray()), CompressionMode.Decompress));
        return reader.ReadToEnd();
    }

    private static GitClient Knowing(CannedServer server, ServerProfile profile)
    {
        GitClient client = new(new GitClientOptions());
        client.Profiles.Learn(UrlOf(server).Host, profile);
        return client;
    }

    private static RepositoryUrl UrlOf(CannedServer server) => RepositoryUrl.Parse(new Uri(server.Address, "a.git").AbsoluteUri);

    private sealed record Exchange(FetchResult Result, byte[]? Received, Exception? Thrown, List<string> Asked);

    private sealed class Told(List<string> lines) : IProgress<string>
    {
        public void Report(string value) => lines.Add(value);
    }
}
