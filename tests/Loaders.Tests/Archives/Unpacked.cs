using System.Text;
using Actors.Git.Objects;
using Actors.Loaders.Archives;
using Actors.Loaders.Objects;

namespace Actors.Loaders.Tests.Archives;

/// <summary>An archive unpacked into memory.</summary>
internal sealed class Unpacked : IContentSink
{
    private readonly Dictionary<Oid, byte[]> _contents = [];
    private readonly UnpackTarget _target;

    private Unpacked() => _target = new UnpackTarget(this, _ => true);

    public Oid Tree => TreeBytes.Write(_target.Tree.Root, (_, _, _) => { });

    /// <summary>One line an entry, in order of name: <c>KIND PATH CONTENT</c>.</summary>
    public string[] Lines => [.. List(_target.Tree.Root, "").Order(StringComparer.Ordinal)];

    public IReadOnlyDictionary<string, byte[]> Kept => _target.Kept;

    public static async Task<Unpacked> OfAsync(byte[] archive)
    {
        Unpacked unpacked = new();
        await using MeasuredStream measured = new(new MemoryStream(archive), Limits.ArchiveBytesMax, []);
        await Archive.UnpackAsync(measured, unpacked._target, CancellationToken.None);
        return unpacked;
    }

    public ValueTask<ReadOnlyMemory<byte>?> RecallAsync(Oid oid, CancellationToken cancellationToken) =>
        ValueTask.FromResult<ReadOnlyMemory<byte>?>(_contents.TryGetValue(oid, out byte[]? content) ? content : null);

    public ValueTask<Oid> AddAsync(string path, byte[] content, CancellationToken cancellationToken)
    {
        Oid oid = ObjectHash.Compute(ObjectType.Blob, content);
        _contents[oid] = content;
        return ValueTask.FromResult(oid);
    }

    private IEnumerable<string> List(TreeNode folder, string path)
    {
        foreach ((string name, TreeNode node) in folder.Children!)
        {
            string child = path + Encoding.UTF8.GetString(PathText.Bytes(name));
            yield return node.Kind switch
            {
                EntryKind.Folder => $"d {child}/",
                EntryKind.Link => $"l {child} {Encoding.UTF8.GetString(_contents[node.Oid])}",
                EntryKind.Executable => $"x {child} {Encoding.UTF8.GetString(_contents[node.Oid])}",
                _ => $"f {child} {Encoding.UTF8.GetString(_contents[node.Oid])}",
            };
            foreach (string line in node.Kind == EntryKind.Folder ? List(node, child + "/") : [])
            {
                yield return line;
            }
        }
    }
}
