using System.Text;
using Actors.Git.Objects;
using Actors.Git.Refs;
using Actors.Git.Remotes;
using Actors.Git.Wire;
using Actors.TestKit.Servers;
using Xunit;

namespace Actors.Git.Tests.Wire;

public sealed class FetchCommandTests
{
    private static readonly Oid One = Oid.Parse(new string('1', 40));
    private static readonly Oid Two = Oid.Parse(new string('2', 40));
    private static readonly Oid Three = Oid.Parse(new string('3', 40));

    [Fact]
    public void Round_of_v2_says_wants_common_and_new_haves_without_done() => Assert.Equal(
        $"0012command=fetch\n0001000ethin-pack\n0010no-progress\n000eofs-delta\n0032want {One}\n0032have {Two}\n0032have {Three}\n0000",
        Text(FetchCommand.Encode(new FetchRequest { Wants = [One] }, [Two], [Three], done: false)));

    [Fact]
    public void All_features_of_v2_are_asked_by_name() => Assert.Equal(
        $"0012command=fetch\n00010010include-tag\n000eofs-delta\n0012wait-for-done\n000ddeepen 7\n0012filter tree:0\n0032want {One}\n0009done\n0000",
        Text(FetchCommand.Encode(
            new FetchRequest { Wants = [One], ThinPack = false, IncludeTag = true, OnlyCommon = true, Deepen = 7, Filter = ObjectFilter.TreeNone, Progress = new Progress<string>() },
            [], [], done: true)));

    [Fact]
    public void First_message_of_v0_has_capabilities_behind_its_first_want()
    {
        FetchRequest request = new() { Wants = [One, Two], Deepen = 2, Filter = ObjectFilter.BlobNone, IncludeTag = true };
        LegacyCapabilities capabilities = LegacyCapabilities.Choose(
            AdvertisementWith("multi_ack multi_ack_detailed no-done side-band side-band-64k thin-pack ofs-delta shallow filter include-tag no-progress deepen-since allow-tip-sha1-in-want agent=x"),
            request);
        Assert.Equal("multi_ack_detailed no-done side-band-64k thin-pack ofs-delta include-tag no-progress shallow filter", capabilities.Text);
        Assert.Equal(
            $"0096want {One} {capabilities.Text}\n0032want {Two}\n000ddeepen 2\n0015filter blob:none\n00000032have {Three}\n0000",
            Text(LegacyFetchCommand.Encode(request, capabilities, [], [Three], done: false)));
    }

    [Fact]
    public void Later_message_of_v0_on_a_connection_says_only_what_is_new()
    {
        LegacyCapabilities none = LegacyCapabilities.Choose(AdvertisementWith("agent=x"), new FetchRequest { Wants = [One] });
        Assert.Equal(new LegacyCapabilities("", false, false, false), none);
        Assert.Equal($"0032have {Three}\n0009done\n", Text(LegacyFetchCommand.Encode(null, none, [], [Three], done: true)));
        Assert.Equal($"0032want {One}\n00000009done\n", Text(LegacyFetchCommand.Encode(new FetchRequest { Wants = [One] }, none, [], [], done: true)));
    }

    [Fact]
    public void Capabilities_that_nobody_offers_are_not_asked() => Assert.Equal(
        "multi_ack side-band ofs-delta",
        LegacyCapabilities.Choose(AdvertisementWith("multi_ack no-done side-band ofs-delta"), new FetchRequest { Wants = [One], Deepen = 1, Filter = ObjectFilter.BlobNone }).Text);

    private static LegacyAdvertisement AdvertisementWith(string capabilities) =>
        InitialResponse.Parse(Pkt.Join(Pkt.Line($"{One} HEAD\0{capabilities}\n"), Pkt.Flush), RefSelection.All).Legacy!;

    private static string Text(ReadOnlyMemory<byte> bytes) => Encoding.ASCII.GetString(bytes.Span);
}
