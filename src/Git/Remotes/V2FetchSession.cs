using Actors.Git.Objects;
using Actors.Git.Transport;
using Actors.Git.Wire;

namespace Actors.Git.Remotes;

/// <summary>
/// v2's fetch (gitprotocol-v2, "fetch"):
/// 1. wants and a round of haves, never <c>done</c> while haves are left: an unknown have plus <c>done</c> is a silent full clone;
/// 2. the server acknowledges, and sends the pack in the same answer once it is ready;
/// 3. when haves run out: <c>done</c>, or an end without pack, as the request says.
/// </summary>
internal sealed class V2FetchSession(FetchChannel channel, FetchRequest request) : FetchSession(channel, request)
{
    /// <summary>An answer of no bytes: over HTTP it asks for an explanation; elsewhere the connection has ended. Known by reference.</summary>
    public static readonly RemoteFailure EmptyAnswer = new(RemoteFailureKind.CutOff, "The server ended without an answer.");

    private enum Section
    {
        None,
        Acknowledgments,
        ShallowInfo,
        PackFile,
    }

    protected override async Task<PackStream?> NegotiateAsync()
    {
        while (true)
        {
            ReadOnlyMemory<Oid> round = NextRound();
            bool done = round.IsEmpty;
            if (done && StopsHere)
            {
                return null;
            }

            PktLineReader reply = await Channel.SendAsync(FetchCommand.Encode(Request, Common, round.Span, done)).ConfigureAwait(false);
            if (await ReadReplyAsync(reply, done).ConfigureAwait(false))
            {
                return new PackStream(reply, sideband: true, Request.PackBytesMax, Request.Progress);
            }
        }
    }

    /// <summary>Reads sections in their order, up to the pack's first byte (true) or the end of a round (false).</summary>
    private async ValueTask<bool> ReadReplyAsync(PktLineReader reply, bool done)
    {
        Section last = Section.None;
        bool ready = done;
        while (true)
        {
            Section section = await ReadHeaderAsync(reply, last).ConfigureAwait(false);
            last = section;
            switch (section)
            {
                case Section.Acknowledgments:
                    (bool saidReady, bool ended) = await ReadAcknowledgmentsAsync(reply).ConfigureAwait(false);
                    ready |= saidReady;
                    if (ended)
                    {
                        return saidReady || done ? throw Broken("The answer ends where a pack was promised.") : false;
                    }

                    break;
                case Section.ShallowInfo:
                    await ReadShallowInfoAsync(reply).ConfigureAwait(false);
                    break;
                case Section.PackFile:
                    // Without done and ready nobody asked for it: it would be everything.
                    return ready && !Request.OnlyCommon ? true : throw Broken("A pack that was not asked for.");
                default:
                    throw Broken("An unknown section.");
            }
        }
    }

    private static async ValueTask<Section> ReadHeaderAsync(PktLineReader reply, Section last)
    {
        PktLineKind kind = await reply.ReadAsync().ConfigureAwait(false);
        if (kind == PktLineKind.EndOfInput && last == Section.None)
        {
            throw new RemoteFailureException(EmptyAnswer);
        }

        if (kind != PktLineKind.Data)
        {
            throw kind == PktLineKind.EndOfInput
                ? new RemoteFailureException(RemoteFailureKind.CutOff, "The connection ended before the response did.")
                : Broken("A section without name.");
        }

        if (RemoteMessage.IsError(reply.Payload.Span, out ReadOnlySpan<byte> words))
        {
            throw new RemoteFailureException(RemoteMessage.Classify(words));
        }

        Section section = reply.Text switch
        {
            var name when name.SequenceEqual("acknowledgments"u8) => Section.Acknowledgments,
            var name when name.SequenceEqual("shallow-info"u8) => Section.ShallowInfo,
            var name when name.SequenceEqual("packfile"u8) => Section.PackFile,
            _ => throw Broken("A section that was not asked for."),
        };
        return section > last ? section : throw Broken("Sections out of their order.");
    }

    /// <summary><c>acknowledgments = PKT-LINE("acknowledgments" LF) (nak | *ack) (ready)</c>, then a delim-pkt when a pack follows, else a flush-pkt.</summary>
    private async ValueTask<(bool Ready, bool Ended)> ReadAcknowledgmentsAsync(PktLineReader reply)
    {
        bool ready = false;
        for (int lines = 0; lines <= Limits.ReplyLinesMax; lines++)
        {
            switch (await reply.ReadExpectedAsync().ConfigureAwait(false))
            {
                case PktLineKind.Flush:
                    return (ready, true);
                case PktLineKind.Delimiter:
                    return ready ? (true, false) : throw Broken("A further section without ready.");
                case PktLineKind.Data:
                    ready |= ReadAcknowledgment(reply.Text);
                    break;
                default:
                    throw Broken("A special pkt-line inside the acknowledgments.");
            }
        }

        throw new GitFormatException(GitFormatError.OverLimit, $"More than {Limits.ReplyLinesMax} acknowledgments.");
    }

    private bool ReadAcknowledgment(ReadOnlySpan<byte> line)
    {
        if (line.StartsWith("ACK "u8))
        {
            AddCommon(line[4..]);
            return false;
        }

        return line.SequenceEqual("ready"u8) || (line.SequenceEqual("NAK"u8) ? false : throw Broken("An acknowledgment that is neither ACK, NAK nor ready."));
    }

    private async ValueTask ReadShallowInfoAsync(PktLineReader reply)
    {
        while (true)
        {
            switch (await reply.ReadExpectedAsync().ConfigureAwait(false))
            {
                case PktLineKind.Delimiter:
                    return;
                case PktLineKind.Data:
                    AddShallow(reply.Text);
                    break;
                default:
                    throw Broken("The shallow-info section ends without a pack.");
            }
        }
    }
}
