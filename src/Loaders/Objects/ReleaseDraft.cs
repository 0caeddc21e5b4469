using System.Buffers;
using System.Text;
using Actors.Git.Objects;

namespace Actors.Loaders.Objects;

/// <summary>What a release's commit or tag says; its bytes are Software Heritage's (swh-model, <c>revision_git_object</c> and <c>release_git_object</c>).</summary>
internal sealed record ReleaseDraft
{
    public required Era Era { get; init; }

    /// <summary>The tag's name; not hashed in a commit.</summary>
    public required string Name { get; init; }

    /// <summary>The author's full name, hashed as it is; null: a tag without tagger.</summary>
    public required string? Author { get; init; }

    /// <summary>When; null only in a tag.</summary>
    public required ReleaseDate? Date { get; init; }

    public required string Message { get; init; }

    public ObjectType Type => Era == Era.Revision ? ObjectType.Commit : ObjectType.Tag;

    /// <summary>The object's content, for the tree that was unpacked.</summary>
    /// <exception cref="ArchiveException">A commit without a date.</exception>
    public byte[] Encode(Oid tree)
    {
        ArrayBufferWriter<byte> bytes = new(256);
        if (Era == Era.Revision)
        {
            ReleaseDate date = Date ?? throw new ArchiveException("the release has no date, and a commit needs one");
            Line(bytes, "tree", tree.ToString());
            Line(bytes, "author", $"{Header(Author ?? "")} {date}");
            Line(bytes, "committer", $"{Header(Author ?? "")} {date}");
        }
        else
        {
            Line(bytes, "object", tree.ToString());
            Line(bytes, "type", ObjectType.Tree.ToName());
            Line(bytes, "tag", Header(Name));
            if (Author is not null)
            {
                // An author without a name leaves two spaces before the time.
                Line(bytes, "tagger", Date is { } date ? $"{Header(Author)} {date}" : Header(Author));
            }
        }

        bytes.Write("\n"u8);
        bytes.Write(Encoding.UTF8.GetBytes(Message));
        return bytes.WrittenSpan.ToArray();
    }

    private static void Line(ArrayBufferWriter<byte> bytes, string key, string value) => bytes.Write(Encoding.UTF8.GetBytes($"{key} {value}\n"));

    /// <summary>Newlines within a header's value continue it on a line that begins with a space.</summary>
    private static string Header(string value) => value.Replace("\n", "\n ", StringComparison.Ordinal);
}
