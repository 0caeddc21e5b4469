namespace Actors.Loaders.Objects;

/// <summary>A file of a draft by a path that may lead over links within the tree: as those who made ids of unpacked trees opened it.</summary>
internal static class LinkedFile
{
    /// <summary>The file's content; null where there is none, or the way leads out of the tree or in a circle.</summary>
    public static async ValueTask<ReadOnlyMemory<byte>?> ReadAsync(TreeDraft tree, IContentSink contents, string path, CancellationToken cancellationToken)
    {
        Stack<TreeNode> way = new([tree.Root]);
        Stack<string> rest = new(path.Split('/').Reverse());
        int links = 0;
        while (rest.TryPop(out string? name))
        {
            if (name is "" or ".")
            {
                continue;
            }

            if (name == "..")
            {
                _ = way.Pop();
                if (way.Count == 0)
                {
                    return null;
                }

                continue;
            }

            if (way.Peek().Children?.GetValueOrDefault(name) is not { } node)
            {
                return null;
            }

            if (node.Kind != EntryKind.Link)
            {
                way.Push(node);
                continue;
            }

            if (++links > Limits.LinksFollowedMax || await contents.RecallAsync(node.Oid, cancellationToken).ConfigureAwait(false) is not { } text || text.Span is [(byte)'/', ..])
            {
                return null;
            }

            foreach (string part in PathText.Of(text.Span).Split('/').Reverse())
            {
                rest.Push(part);
            }
        }

        return way.Peek() is { Kind: EntryKind.File or EntryKind.Executable } file ? await contents.RecallAsync(file.Oid, cancellationToken).ConfigureAwait(false) : null;
    }
}
