using Actors.Git.Objects;
using Actors.Git.Remotes;

namespace Actors.Git.Wire;

/// <summary>The <c>fetch</c> command (gitprotocol-v2, "fetch"), one round of it.</summary>
internal static class FetchCommand
{
    /// <summary>
    /// The whole message. v2 is stateless on every transport: wants and what is known to be common are said again in each round.
    /// </summary>
    /// <param name="request">What is wanted; features that the server lacks are refused before, not here.</param>
    /// <param name="common">Haves that earlier rounds acknowledged.</param>
    /// <param name="round">Haves not yet told.</param>
    /// <param name="done">Whether the server shall send a pack whatever it has found.</param>
    public static ReadOnlyMemory<byte> Encode(FetchRequest request, IReadOnlyCollection<Oid> common, ReadOnlySpan<Oid> round, bool done)
    {
        PktLineWriter writer = new(256 + 52 * (request.Wants.Count + common.Count + round.Length));
        writer.Text("command=fetch").Delimiter();
        WriteFeatures(writer, request);
        foreach (Oid want in request.Wants)
        {
            writer.OidLine("want "u8, want);
        }

        foreach (Oid have in common)
        {
            writer.OidLine("have "u8, have);
        }

        foreach (Oid have in round)
        {
            writer.OidLine("have "u8, have);
        }

        return (done ? writer.Text("done") : writer).Flush().Written;
    }

    /// <summary>The name of a filter on the wire (git-rev-list, <c>--filter</c>).</summary>
    public static string NameOf(ObjectFilter filter) => filter switch
    {
        ObjectFilter.BlobNone => "blob:none",
        ObjectFilter.TreeNone => "tree:0",
        _ => throw new ArgumentOutOfRangeException(nameof(filter), filter, "Only a filter has a name."),
    };

    private static void WriteFeatures(PktLineWriter writer, FetchRequest request)
    {
        Write(request.ThinPack, "thin-pack");
        Write(request.Progress is null, "no-progress");
        Write(request.IncludeTag, "include-tag");
        writer.Text("ofs-delta");
        Write(request.OnlyCommon, "wait-for-done");
        Write(request.Deepen is not null, $"deepen {request.Deepen}");
        Write(request.Filter != ObjectFilter.None, request.Filter == ObjectFilter.None ? "" : "filter " + NameOf(request.Filter));

        void Write(bool asked, string line)
        {
            if (asked)
            {
                writer.Text(line);
            }
        }
    }
}
