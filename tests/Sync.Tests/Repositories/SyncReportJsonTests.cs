using System.Text;
using System.Text.Json;
using Actors.Git.Remotes;
using Actors.Store.Heads;
using Actors.Sync.Outcomes;
using Actors.Sync.Repositories;
using FsCheck;
using FsCheck.Fluent;
using Xunit;
using Outcome = Actors.Store.Heads.Outcome;

namespace Actors.Sync.Tests.Repositories;

public sealed class SyncReportJsonTests
{
    private const string Least = """{"url":"https://forge.example/a","outcome":"unchanged"}""";

    private static readonly string[] Words = ["", "a", "\"", "\\", "\n\t\0", "é", "日本", "😀", "</script>", "\u2028", "429"];

    [Fact]
    public void Parse_after_write_is_the_identity() => Prop.ForAll(
        Gen.Choose(0, int.MaxValue).Select(seed => Any(new System.Random(seed))).ToArbitrary(),
        report =>
        {
            byte[] utf8 = SyncReportJson.ToUtf8(report);
            SyncReport read = SyncReportJson.Parse(utf8);
            Assert.Equal(report.Rungs, read.Rungs);
            Assert.Equal(report with { Rungs = [] }, read with { Rungs = [] });
            Assert.Equal(utf8, SyncReportJson.ToUtf8(read));
            Assert.DoesNotContain((byte)'\n', utf8);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Times_are_whole_seconds_of_utc()
    {
        DateTimeOffset at = new(2026, 5, 1, 14, 0, 0, 999, TimeSpan.FromHours(2));
        SyncReport read = SyncReportJson.Parse(SyncReportJson.ToUtf8(SyncReportJson.Parse(Utf8(Least)) with { RetryAt = at }));
        Assert.Equal(new DateTimeOffset(2026, 5, 1, 12, 0, 0, TimeSpan.Zero), read.RetryAt);
    }

    [Fact]
    public void What_is_left_out_or_not_known_is_passed_over()
    {
        SyncReport least = SyncReportJson.Parse(Utf8(Least));
        Assert.Equal(("https://forge.example/a", Outcome.Unchanged, 0L, Fault.None), (least.Url.ToString(), least.Outcome, least.Objects, least.Fault));
        SyncReport more = SyncReportJson.Parse(Utf8("""
             { "mirror": {"url": [1, {"outcome": null}]}, "outcome":"unchanged", "url":"https://forge.example/a", "error": null, "fault": null }
            """));
        Assert.Equal(least with { Rungs = [] }, more with { Rungs = [] });
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"url":"https://forge.example/a"}""")]
    [InlineData("""{"outcome":"unchanged"}""")]
    [InlineData("""{"url":null,"outcome":"unchanged"}""")]
    [InlineData("""{"url":"https://forge.example/a","outcome":"Unchanged"}""")]
    [InlineData("""{"url":"https://forge.example/a","outcome":3}""")]
    [InlineData("""{"url":"https://FORGE.example/a","outcome":"new"}""")]
    [InlineData("""{"url":"forge","outcome":"new"}""")]
    [InlineData("""{"url":"https://forge.example/a","outcome":"new","url":"https://forge.example/a"}""")]
    [InlineData("""{"url":"https://forge.example/a","outcome":"new"} {}""")]
    [InlineData("""{"url":"https://forge.example/a","outcome":"new" """)]
    [InlineData("""{"url":"https://forge.example/a","outcome":"new","refs":-1}""")]
    [InlineData("""{"url":"https://forge.example/a","outcome":"new","refs":2147483648}""")]
    [InlineData("""{"url":"https://forge.example/a","outcome":"new","refs":null}""")]
    [InlineData("""{"url":"https://forge.example/a","outcome":"new","objects":1.5}""")]
    [InlineData("""{"url":"https://forge.example/a","outcome":"new","objects":"1"}""")]
    [InlineData("""{"url":"https://forge.example/a","outcome":"new","rungs":"everything"}""")]
    [InlineData("""{"url":"https://forge.example/a","outcome":"new","rungs":["nothing"]}""")]
    [InlineData("""{"url":"https://forge.example/a","outcome":"new","rungs":["everything"}""")]
    [InlineData("""{"url":"https://forge.example/a","outcome":"new","snapshot":"1a88"}""")]
    [InlineData("""{"url":"https://forge.example/a","outcome":"new","retryAt":"2026-05-01T12:00:00+02:00"}""")]
    [InlineData("""{"url":"https://forge.example/a","outcome":"new","fault":"theirs"}""")]
    [InlineData("""{"url":"https://forge.example/a","outcome":"new","error":"\ud800"}""")]
    [InlineData("""{"url":"https://forge.example/a","outcome":"new","movedTo":7}""")]
    public void Anything_else_is_a_format_error(string json) => Assert.Throws<FormatException>(() => SyncReportJson.Parse(Utf8(json)));

    [Fact]
    public void Bytes_that_are_not_utf8_and_deep_nesting_are_format_errors()
    {
        Assert.Throws<FormatException>(() => SyncReportJson.Parse([.. Utf8("""{"url":"https://forge.example/a","outcome":"new","error":""" + "\""), 0xff, .. Utf8("\"}")]));
        Assert.Throws<FormatException>(() => SyncReportJson.Parse(Utf8("{\"x\":" + new string('[', 100_000))));
    }

    [Fact]
    public void Any_cut_or_changed_byte_gives_a_report_or_a_format_error()
    {
        System.Random random = new(7);
        byte[] whole = SyncReportJson.ToUtf8(Any(random));
        for (int round = 0; round < 2000; round++)
        {
            byte[] bytes = whole[..random.Next(whole.Length + 1)];
            if (bytes.Length > 0)
            {
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            }

            Exception? failure = Record.Exception(() => SyncReportJson.Parse(bytes));
            Assert.True(failure is null or FormatException, failure?.ToString());
        }
    }

    [Fact]
    public void An_object_within_others_is_read_to_its_end()
    {
        Utf8JsonReader json = new(Utf8("[" + Least + ",5]"));
        json.Read();
        json.Read();
        SyncReportJson.Read(ref json);
        Assert.Equal(JsonTokenType.EndObject, json.TokenType);
        json.Read();
        Assert.Equal(5, json.GetInt32());
    }

    private static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);

    private static SyncReport Any(System.Random random)
    {
        byte[] snapshot = new byte[20];
        random.NextBytes(snapshot);
        return new SyncReport
        {
            Url = RepositoryUrl.Parse($"https://forge{random.Next(9)}.example/é/a%20b/{random.Next()}"),
            Outcome = OutcomeNames.All[random.Next(OutcomeNames.All.Count)],
            Snapshot = Or(SnapshotId.FromBytes(snapshot)),
            Refs = random.Next(),
            Wants = random.Next(3),
            Haves = random.Next(3),
            Objects = random.NextInt64(),
            BytesReceived = random.NextInt64(),
            Requests = random.Next(),
            ElapsedMs = random.NextInt64(),
            Rungs = [.. Enumerable.Range(0, random.Next(4)).Select(_ => (Rung)random.Next((int)Rung.Everything + 1))],
            MovedTo = Or(RepositoryUrl.Parse("git@forge.example:a/b")),
            RetryAt = Or(DateTimeOffset.UnixEpoch.AddSeconds(random.Next())),
            Fault = (Fault)random.Next((int)Fault.Ours + 1),
            Error = random.Next(3) == 0 ? null : string.Concat(Enumerable.Range(0, 5).Select(_ => Words[random.Next(Words.Length)])),
        };

        T? Or<T>(T value)
            where T : struct => random.Next(2) == 0 ? null : value;
    }
}
