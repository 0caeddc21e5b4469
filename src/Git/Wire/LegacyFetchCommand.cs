using System.Text;
using Actors.Git.Objects;
using Actors.Git.Remotes;

namespace Actors.Git.Wire;

/// <summary>A client's message of v0 and v1 (gitprotocol-pack, "Packfile Negotiation": upload-request, upload-haves).</summary>
internal static class LegacyFetchCommand
{
    /// <summary>One round.</summary>
    /// <param name="request">The wants, or null when the server has heard them on this connection.</param>
    /// <param name="capabilities">Sent with the first want.</param>
    /// <param name="common">Haves acknowledged before, where the server does not remember them.</param>
    /// <param name="round">New haves.</param>
    /// <param name="done">Ends the negotiation; else a flush-pkt ends the round.</param>
    public static ReadOnlyMemory<byte> Encode(
        FetchRequest? request, LegacyCapabilities capabilities, IReadOnlyCollection<Oid> common, ReadOnlySpan<Oid> round, bool done)
    {
        PktLineWriter writer = new(512 + 52 * ((request?.Wants.Count ?? 0) + common.Count + round.Length));
        if (request is not null)
        {
            WriteRequest(writer, request, capabilities);
        }

        foreach (Oid have in common)
        {
            writer.OidLine("have "u8, have);
        }

        foreach (Oid have in round)
        {
            writer.OidLine("have "u8, have);
        }

        return (done ? writer.Text("done") : writer.Flush()).Written;
    }

    private static void WriteRequest(PktLineWriter writer, FetchRequest request, LegacyCapabilities capabilities)
    {
        StringBuilder first = new($"want {request.Wants[0]}");
        writer.Text((capabilities.Text.Length > 0 ? first.Append(' ').Append(capabilities.Text) : first).ToString());
        for (int i = 1; i < request.Wants.Count; i++)
        {
            writer.OidLine("want "u8, request.Wants[i]);
        }

        if (request.Deepen is { } depth)
        {
            writer.Text($"deepen {depth}");
        }

        if (request.Filter != ObjectFilter.None)
        {
            writer.Text("filter " + FetchCommand.NameOf(request.Filter));
        }

        writer.Flush();
    }
}
