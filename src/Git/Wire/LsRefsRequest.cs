using Actors.Git.Refs;

namespace Actors.Git.Wire;

/// <summary>The <c>ls-refs</c> command (gitprotocol-v2, "ls-refs").</summary>
internal static class LsRefsRequest
{
    /// <summary>
    /// The request: symrefs and peeled tags of the selected refs. <c>unborn</c> and an object format other than SHA-1
    /// are fatal to servers that did not advertise them, so they are asked only of those that did.
    /// </summary>
    public static byte[] Encode(RefSelection refs, ObjectFormat format, bool unborn)
    {
        PktLineWriter writer = new();
        writer.Text("command=ls-refs");
        if (format == ObjectFormat.Sha256)
        {
            writer.Text("object-format=sha256");
        }

        writer.Delimiter().Text("peel").Text("symrefs");
        if (unborn)
        {
            writer.Text("unborn");
        }

        foreach (string prefix in refs.Prefixes)
        {
            writer.Text("ref-prefix " + prefix);
        }

        return writer.Flush().Written.ToArray();
    }
}
