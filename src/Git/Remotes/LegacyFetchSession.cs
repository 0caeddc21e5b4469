using Actors.Git.Objects;
using Actors.Git.Refs;
using Actors.Git.Transport;
using Actors.Git.Wire;

namespace Actors.Git.Remotes;

/// <summary>
/// v0's and v1's fetch (gitprotocol-pack, "Packfile Negotiation"):
/// 1. only advertised objects are wanted;
/// 2. rounds of haves, each ended by a flush-pkt and answered by ACKs and a NAK;
/// 3. <c>done</c>, unless the server was ready and spares it (gitprotocol-capabilities, "no-done"); then the pack.
/// Over HTTP each round says everything again; on a connection only what is new.
/// </summary>
internal sealed class LegacyFetchSession(FetchChannel channel, FetchRequest request, LegacyAdvertisement advertisement) : FetchSession(channel, request)
{
    private readonly LegacyCapabilities _capabilities = LegacyCapabilities.Choose(advertisement, request);
    private bool _begun;
    private bool _ready;
    private bool _plainAcknowledged;

    protected override async Task<PackStream?> NegotiateAsync()
    {
        CheckWants();
        foreach (Oid cut in advertisement.Shallow)
        {
            AddShallow(System.Text.Encoding.ASCII.GetBytes($"shallow {cut}"));
        }

        while (true)
        {
            ReadOnlyMemory<Oid> round = _ready || _plainAcknowledged ? default : NextRound();
            bool done = round.IsEmpty;
            if (done && !_ready && !_plainAcknowledged && StopsHere)
            {
                return null;
            }

            bool first = !_begun || Channel.IsStateless;
            ReadOnlyMemory<byte> message = LegacyFetchCommand.Encode(
                first ? Request : null, _capabilities, first ? Common : [], round.Span, done);
            _begun = true;
            PktLineReader reply = await Channel.SendAsync(message).ConfigureAwait(false);
            if (first && Request.Deepen is not null)
            {
                await ReadShallowUpdateAsync(reply).ConfigureAwait(false);
            }

            bool silent = done && _plainAcknowledged && !Channel.IsStateless;
            if (silent || await ReadAcknowledgmentsAsync(reply, done).ConfigureAwait(false))
            {
                return new PackStream(reply, _capabilities.Sideband, Request.PackBytesMax, Request.Progress);
            }
        }
    }

    private void CheckWants()
    {
        HashSet<Oid> wants = [.. Request.Wants];
        foreach (RefTip tip in LsRefsReply.Parse(advertisement.Lines.Span, ObjectFormat.Sha1, RefSelection.All).Tips)
        {
            wants.Remove(tip.Oid);
        }

        if (wants.Count > 0)
        {
            throw new RemoteFailureException(RemoteFailureKind.NotOurRef, $"The remote does not advertise {wants.First()}.");
        }
    }

    /// <summary>True when the pack follows.</summary>
    private async ValueTask<bool> ReadAcknowledgmentsAsync(PktLineReader reply, bool done)
    {
        bool nakSeen = false;
        for (int lines = 0; lines <= Limits.ReplyLinesMax; lines++)
        {
            if (await reply.ReadExpectedAsync().ConfigureAwait(false) != PktLineKind.Data)
            {
                throw Broken("A special pkt-line inside the acknowledgments.");
            }

            if (reply.Text.SequenceEqual("NAK"u8))
            {
                if (nakSeen)
                {
                    throw Broken("Two NAKs in one answer.");
                }

                if (done || !(_ready && _capabilities.NoDone))
                {
                    return done;
                }

                // Ready and no-done: one last ACK, then the pack, in the same answer.
                nakSeen = true;
            }
            else if (TakeAcknowledgment(reply.Text))
            {
                _plainAcknowledged = !done && !_capabilities.MultiAck;
                return !_plainAcknowledged && (done || _ready ? true : throw Broken("A last ACK without ready."));
            }
        }

        throw new GitFormatException(GitFormatError.OverLimit, $"More than {Limits.ReplyLinesMax} acknowledgments.");
    }

    /// <summary><c>ACK oid [common|ready|continue]</c> (gitprotocol-pack, "multi_ack_detailed mode"); true for the one without a word.</summary>
    private bool TakeAcknowledgment(ReadOnlySpan<byte> line)
    {
        if (!line.StartsWith("ACK "u8) || line.Length < 4 + Oid.HexLength)
        {
            throw Broken("An acknowledgment that is neither ACK nor NAK.");
        }

        ReadOnlySpan<byte> hex = line.Slice(4, Oid.HexLength);
        ReadOnlySpan<byte> word = line[(4 + Oid.HexLength)..];
        if (word.SequenceEqual(" ready"u8))
        {
            // Of an oid that the server need not have: it has seen enough.
            _ready = true;
            return false;
        }

        if (!word.IsEmpty && !word.SequenceEqual(" common"u8) && !word.SequenceEqual(" continue"u8))
        {
            throw Broken("An acknowledgment with an unknown word.");
        }

        // The last ACK repeats an earlier one, which may have been a mere "ready"; only without multi_ack is it news.
        if (!word.IsEmpty || !_capabilities.MultiAck)
        {
            AddCommon(hex);
        }

        return word.IsEmpty;
    }

    /// <summary>gitprotocol-pack, "shallow-update": the boundary, ended by a flush-pkt.</summary>
    private async ValueTask ReadShallowUpdateAsync(PktLineReader reply)
    {
        while (true)
        {
            switch (await reply.ReadExpectedAsync().ConfigureAwait(false))
            {
                case PktLineKind.Flush:
                    return;
                case PktLineKind.Data:
                    AddShallow(reply.Text);
                    break;
                default:
                    throw Broken("A special pkt-line inside the shallow boundary.");
            }
        }
    }
}
