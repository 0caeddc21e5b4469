using Actors.Git;
using Actors.Git.Refs;
using Actors.Git.Remotes;
using Actors.Git.Wire;
using Actors.TestKit.Servers;

namespace Actors.Fuzz.Targets;

/// <summary>What a server shows of its refs: replies to ls-refs and first answers of every version.</summary>
public sealed class AdvertisementTarget : IFuzzTarget
{
    private const string One = "1111111111111111111111111111111111111111";

    public string Name => "advertisement";

    public IEnumerable<byte[]> Seeds =>
    [
        Pkt.Join(Pkt.Line($"{One} HEAD symref-target:refs/heads/main\n"), Pkt.Line($"{One} refs/tags/v1 peeled:{One}\n"), Pkt.Line($"{One} refs/pull/1/head\n"), Pkt.Flush),
        Pkt.Join(Pkt.Line("unborn HEAD symref-target:refs/heads/main\n"), Pkt.Flush),
        Pkt.Join(Pkt.Line("# service=git-upload-pack\n"), Pkt.Flush, Pkt.Line("version 2\n"), Pkt.Line("agent=git/2\n"), Pkt.Line("ls-refs=unborn\n"), Pkt.Line("fetch=shallow filter\n"), Pkt.Line("object-format=sha1\n"), Pkt.Flush),
        Pkt.Join(Pkt.Line($"{One} HEAD\0multi_ack symref=HEAD:refs/heads/main object-format=sha1\n"), Pkt.Line($"{One} refs/tags/v1\n"), Pkt.Line($"{One} refs/tags/v1^{{}}\n"), Pkt.Line($"shallow {One}\n"), Pkt.Flush),
        Pkt.Join(Pkt.Line("version 1\n"), Pkt.Line($"{One[..^1]}0 capabilities^{{}}\0agent=x\n"), Pkt.Flush),
        Pkt.Line("ERR no such repository"),
    ];

    public IEnumerable<byte[]> Dictionary =>
    [
        "0000"u8.ToArray(), "unborn "u8.ToArray(), " symref-target:"u8.ToArray(), " peeled:"u8.ToArray(), "^{}"u8.ToArray(), "ERR "u8.ToArray(), "shallow "u8.ToArray(),
        "object-format=sha256"u8.ToArray(), "refs/heads/"u8.ToArray(), "\0"u8.ToArray(), "version 2\n"u8.ToArray(), "HEAD"u8.ToArray(),
    ];

    public void Run(ReadOnlySpan<byte> input)
    {
        foreach (RefSelection refs in (RefSelection[])[RefSelection.Default, RefSelection.All])
        {
            RunReply(input, refs);
        }

        try
        {
            if (InitialResponse.Parse(input, RefSelection.Default).Legacy is { } legacy)
            {
                // Whatever v0 said has become lines that the one parser reads or refuses.
                LsRefsReply.Parse(legacy.Lines.Span, ObjectFormat.Sha1, RefSelection.Default);
            }
        }
        catch (RemoteFailureException e) when (e.Failure.Message.Length is > 0 and <= Limits.RemoteMessageCharsMax)
        {
            // The remote's own failure.
        }
    }

    private static void RunReply(ReadOnlySpan<byte> input, RefSelection refs)
    {
        AdvertisementScan scan = AdvertisementScan.Of(input, ObjectFormat.Sha1, refs);
        if (scan.State != AdvertisementState.Complete)
        {
            return;
        }

        ReadOnlySpan<byte> lines = input[..scan.LinesBytes];
        byte[] selected = AdvertisementScan.SelectedLines([], lines, ObjectFormat.Sha1, refs);
        if (scan.AllSelected != selected.AsSpan().SequenceEqual(lines))
        {
            throw new InvalidOperationException("The scan and the selection disagree.");
        }

        RefAdvertisement whole = LsRefsReply.Parse(lines, ObjectFormat.Sha1, refs);
        if (!whole.Tips.SequenceEqual(LsRefsReply.Parse(selected, ObjectFormat.Sha1, refs).Tips))
        {
            throw new InvalidOperationException("The digest's lines are not the refs that are shown.");
        }
    }
}
