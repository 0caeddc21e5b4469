using Actors.Git.Objects;

namespace Actors.Fuzz.Targets;

/// <summary>Commits, trees and tags: the first byte chooses which. Reading twice gives the same, and each reference is in the bytes.</summary>
public sealed class ObjectReferencesTarget : IFuzzTarget
{
    private const string SomeOid = "0123456789abcdef0123456789abcdef01234567";

    public string Name => "object-references";

    public IEnumerable<byte[]> Seeds =>
    [
        [1, .. System.Text.Encoding.ASCII.GetBytes($"tree {SomeOid}\nparent {SomeOid}\nparent {SomeOid}\nauthor A <a@example.org> 1 +0000\ncommitter A <a@example.org> 1 +0000\n\nmessage\n")],
        [2, .. "100644 file\0"u8, .. new byte[20], .. "40000 folder\0"u8, .. new byte[20], .. "160000 module\0"u8, .. new byte[20], .. "0120000 link\0"u8, .. new byte[20]],
        [4, .. System.Text.Encoding.ASCII.GetBytes($"object {SomeOid}\ntype commit\ntag v1\ntagger A <a@example.org> 1 +0000\n\nmessage\n")],
    ];

    public IEnumerable<byte[]> Dictionary =>
        ["tree "u8.ToArray(), "parent "u8.ToArray(), "object "u8.ToArray(), "type tag\n"u8.ToArray(), "\0"u8.ToArray(), "\n"u8.ToArray(), "040000 "u8.ToArray(), System.Text.Encoding.ASCII.GetBytes(SomeOid)];

    public int Iterations => 50_000;

    public void Run(ReadOnlySpan<byte> input)
    {
        ObjectType type = input.IsEmpty ? ObjectType.Blob : (ObjectType)(1 + ((input[0] - 1) & 3));
        ReadOnlySpan<byte> content = input.IsEmpty ? input : input[1..];
        IReadOnlyList<ObjectReference> references = ObjectReferences.List(type, content);
        byte[] raw = new byte[Oid.Length];
        byte[] hex = new byte[Oid.HexLength];
        foreach (ObjectReference reference in references)
        {
            reference.Oid.CopyTo(raw);
            reference.Oid.FormatHex(hex);
            if (content.IndexOf(raw) < 0 && content.IndexOf(hex) < 0)
            {
                throw new InvalidOperationException($"{reference.Oid} is not in the object.");
            }
        }

        if (!references.SequenceEqual(ObjectReferences.List(type, content)) || references.Distinct().Count() != references.Count)
        {
            throw new InvalidOperationException("Not the same twice, or one twice.");
        }
    }
}
