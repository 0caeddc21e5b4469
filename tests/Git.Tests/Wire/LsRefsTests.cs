using System.Text;
using Actors.Git.Refs;
using Actors.Git.Wire;
using Actors.TestKit.Servers;
using Xunit;

namespace Actors.Git.Tests.Wire;

public sealed class LsRefsTests
{
    private const string One = "1111111111111111111111111111111111111111";
    private const string Two = "2222222222222222222222222222222222222222";

    [Fact]
    public void Blind_request_asks_for_nothing_that_must_be_advertised() => Assert.Equal(
        "0014command=ls-refs\n00010009peel\n000csymrefs\n0014ref-prefix HEAD\n001bref-prefix refs/heads/\n001aref-prefix refs/tags/\n0000",
        Encoding.ASCII.GetString(LsRefsRequest.Encode(RefSelection.Default, ObjectFormat.Sha1, unborn: false)));

    [Fact]
    public void Request_of_all_refs_has_no_prefix() => Assert.Equal(
        "0014command=ls-refs\n0019object-format=sha256\n00010009peel\n000csymrefs\n000bunborn\n0000",
        Encoding.ASCII.GetString(LsRefsRequest.Encode(RefSelection.All, ObjectFormat.Sha256, unborn: true)));

    [Fact]
    public void Reply_is_read_with_its_attributes()
    {
        RefAdvertisementOf(
            [$"{One} HEAD symref-target:refs/heads/main\n", $"{One} refs/heads/main\n", $"{Two} refs/tags/v1 peeled:{One}\n", $"{Two} refs/tags/v2 future:x peeled:{One}"],
            out Actors.Git.Remotes.RefAdvertisement refs);
        Assert.Equal(
            [$"HEAD {One}  refs/heads/main", $"refs/heads/main {One}  ", $"refs/tags/v1 {Two} {One} ", $"refs/tags/v2 {Two} {One} "],
            refs.Tips.Select(t => $"{t.Name} {t.Oid} {t.Peeled} {t.SymrefTarget}"));
        Assert.Null(refs.UnbornHeadTarget);
    }

    [Fact]
    public void Name_bytes_that_are_no_utf8_are_kept()
    {
        byte[] line = [.. Encoding.ASCII.GetBytes($"{One} refs/heads/"), 0xff, 0xe9, (byte)'\n'];
        RefTip tip = Assert.Single(LsRefsReply.Parse(Pkt.Line(line), ObjectFormat.Sha1, RefSelection.Default).Tips);
        Assert.Equal([.. "refs/heads/"u8, 0xff, 0xe9], tip.Name.Bytes.ToArray());
    }

    [Fact]
    public void Unborn_head_is_told_apart()
    {
        RefAdvertisementOf(["unborn HEAD symref-target:refs/heads/trunk\n", $"{One} refs/heads/main\n"], out Actors.Git.Remotes.RefAdvertisement refs);
        Assert.Equal("refs/heads/trunk", refs.UnbornHeadTarget?.ToString());
        Assert.Single(refs.Tips);
    }

    [Theory]
    [InlineData("1111 HEAD\n")]
    [InlineData("HEAD 1111111111111111111111111111111111111111\n")]
    [InlineData("111111111111111111111111111111111111111g HEAD\n")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA HEAD\n")]
    [InlineData("1111111111111111111111111111111111111111\n")]
    [InlineData("1111111111111111111111111111111111111111 \n")]
    [InlineData("1111111111111111111111111111111111111111  HEAD\n")]
    [InlineData("1111111111111111111111111111111111111111 refs/heads/a\0b\n")]
    [InlineData("1111111111111111111111111111111111111111 refs/tags/v1 peeled:1111\n")]
    [InlineData("1111111111111111111111111111111111111111 HEAD symref-target:a\nb\n")]
    [InlineData("1111111111111111111111111111111111111111111111111111111111111111 HEAD\n")]
    [InlineData("\n")]
    public void Line_against_the_grammar_is_refused(string line) =>
        Assert.Throws<GitFormatException>(() => LsRefsReply.Parse(Pkt.Line(line), ObjectFormat.Sha1, RefSelection.Default));

    [Fact]
    public void Refs_that_were_not_selected_are_left_out_of_list_and_digest()
    {
        byte[] more = Pkt.Join(Pkt.Line($"{One} HEAD symref-target:refs/heads/main\n"), Pkt.Line($"{One} refs/heads/main\n"), Pkt.Line($"{Two} refs/pull/1/head\n"));
        byte[] exact = Pkt.Join(Pkt.Line($"{One} HEAD symref-target:refs/heads/main\n"), Pkt.Line($"{One} refs/heads/main\n"));
        AdvertisementScan scan = AdvertisementScan.Of(Pkt.Join(more, Pkt.Flush), ObjectFormat.Sha1, RefSelection.Default);
        Assert.Equal(new AdvertisementScan(AdvertisementState.Complete, more.Length, false), scan);
        Assert.Equal(exact, AdvertisementScan.SelectedLines([], more, ObjectFormat.Sha1, RefSelection.Default));
        Assert.Equal(2, LsRefsReply.Parse(more, ObjectFormat.Sha1, RefSelection.Default).Tips.Count);
        Assert.True(AdvertisementScan.Of(Pkt.Join(more, Pkt.Flush), ObjectFormat.Sha1, RefSelection.All).AllSelected);
    }

    [Fact]
    public void Digest_is_of_selection_and_lines()
    {
        byte[] lines = Pkt.Line($"{One} HEAD\n");
        byte[] hash = System.Security.Cryptography.SHA256.HashData([.. "default\n"u8, .. lines]);
        Assert.Equal(Convert.ToHexStringLower(hash)[..32], AdvertisementScan.Digest([.. AdvertisementScan.DigestPrefix(RefSelection.Default), .. lines]).ToString());
    }

    [Theory]
    [InlineData("", AdvertisementState.Empty)]
    [InlineData("0000", AdvertisementState.Complete)]
    [InlineData("00000000", AdvertisementState.Odd)]
    [InlineData("0000x", AdvertisementState.Odd)]
    [InlineData("0001", AdvertisementState.Odd)]
    [InlineData("0002", AdvertisementState.Odd)]
    [InlineData("0003", AdvertisementState.Odd)]
    [InlineData("00", AdvertisementState.CutOff)]
    [InlineData("0009ERR x0000", AdvertisementState.Error)]
    [InlineData("<html></html>", AdvertisementState.Odd)]
    [InlineData("0006a\n0000", AdvertisementState.Odd)]
    [InlineData("00321111111111111111111111111111111111111111 HEAD\n", AdvertisementState.CutOff)]
    [InlineData("00321111111111111111111111111111111111111111 HEAD\n0000", AdvertisementState.Complete)]
    [InlineData("00321111111111111111111111111111111111111111 HEAD\n00", AdvertisementState.CutOff)]
    [InlineData("00321111111111111111111111111111111111111111XHEAD\n0000", AdvertisementState.Odd)]
    internal void Framing_tells_how_the_reply_ends(string reply, AdvertisementState state) =>
        Assert.Equal(state, AdvertisementScan.Of(Encoding.ASCII.GetBytes(reply), ObjectFormat.Sha1, RefSelection.Default).State);

    private static void RefAdvertisementOf(string[] lines, out Actors.Git.Remotes.RefAdvertisement refs) =>
        refs = LsRefsReply.Parse(Pkt.Join([.. lines.Select(l => Pkt.Line(l))]), ObjectFormat.Sha1, RefSelection.Default);
}
