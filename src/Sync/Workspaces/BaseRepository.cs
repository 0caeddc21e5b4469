using Actors.Git.Objects;
using Actors.Git.Refs;
using Actors.Git.Remotes;
using Actors.Store.Heads;

namespace Actors.Sync.Workspaces;

/// <summary>
/// The bare repository that all workspaces of one URL share (gitrepository-layout). It borrows its objects from the store; what
/// people commit in workspaces is its own. Its refs are the stored heads: branches under <c>refs/remotes/origin/</c>, tags as they are.
/// </summary>
internal static class BaseRepository
{
    /// <summary>Which heads its remote refs are.</summary>
    private const string HeadsNote = "actors-heads";

    /// <summary>Makes the base where it is missing: beside its name first, then renamed. Called with the base's lock, shared.</summary>
    /// <param name="layout">Where.</param>
    /// <param name="url">Whose.</param>
    /// <param name="objects">The store's object directory, or null when it is not a local one.</param>
    /// <param name="heads">The stored heads, or null when it was never visited.</param>
    /// <param name="own">A name that nobody else uses.</param>
    /// <returns>Its folder.</returns>
    /// <exception cref="WorkspaceRefusedException">Another URL has the same name, or the store's path cannot be an alternate.</exception>
    public static string Ensure(WorkspaceLayout layout, RepositoryUrl url, string? objects, Snapshot? heads, string own)
    {
        BaseName name = BaseName.Of(url);
        string folder = layout.BaseOf(name);
        string record = Path.Combine(folder, WorkspaceLayout.BaseRecord);
        if (!Directory.Exists(folder))
        {
            string partial = Path.Combine(layout.Bases, $".new-{name}-{own}");
            if (Directory.Exists(partial))
            {
                Directory.Delete(partial, recursive: true);
            }

            Write(partial, url, objects, heads);
            if (!Posix.TryRename(partial, folder))
            {
                // Somebody was faster; theirs is as good.
                Directory.Delete(partial, recursive: true);
            }
        }

        string expected = RecordOf(url);
        return File.ReadAllText(record) == expected
            ? folder
            : throw new WorkspaceRefusedException(WorkspaceEnd.Failed, $"'{folder}' is the base of another repository whose URL has the same hash");
    }

    /// <summary>
    /// Brings the base's remote refs to the stored heads, where these changed: branches of origin as they are, tags that it lacks. Refs of
    /// people's own, and tags that they moved, stay. Where git is writing refs at this moment it is left for the next time.
    /// </summary>
    /// <param name="folder">The base.</param>
    /// <param name="heads">The stored heads, or null.</param>
    /// <param name="held">Of a base that has only some of the store's objects: the heads' oids that it has; null: it has all.</param>
    /// <param name="own">A name that nobody else uses.</param>
    public static void Refresh(string folder, Snapshot? heads, IReadOnlySet<Oid>? held, string own)
    {
        string note = Path.Combine(folder, HeadsNote);
        string state = held is null ? $"{heads?.Id}" : $"{heads?.Id} {held.Count}";
        if (heads is null || (File.Exists(note) && File.ReadAllText(note) == state))
        {
            return;
        }

        using PackedRefsLock? taken = PackedRefsLock.TryTake(folder, own);
        if (taken is null)
        {
            return;
        }

        string path = Path.Combine(folder, "packed-refs");
        SortedDictionary<RefName, (Oid Oid, Oid? Peeled)> refs = PackedRefs.Read(path);
        foreach (RefName old in refs.Keys.Where(name => name.StartsWith("refs/remotes/origin/"u8)).ToArray())
        {
            refs.Remove(old);
        }

        foreach ((RefName name, (Oid, Oid?) target) in PackedRefs.OfHeads(heads))
        {
            if (held?.Contains(target.Item1) != false)
            {
                refs.TryAdd(name, target);
            }
            else if (refs.TryGetValue(name, out (Oid Oid, Oid?) there) && there.Oid == target.Item1)
            {
                // Of a base that had more refs than objects.
                refs.Remove(name);
            }
        }

        File.WriteAllBytes($"{path}.{own}", PackedRefs.Write(refs));
        File.Move($"{path}.{own}", path, overwrite: true);
        // Where only some branches can be refs, it comes with the branch that it is: a link to nothing is a fault to git.
        if (held is not null && heads.Branches.FirstOrDefault(branch => branch.Name == RefName.Head)?.AliasOf is { } head && head.StartsWith("refs/heads/"u8)
            && refs.ContainsKey(RefName.FromBytes([.. "refs/remotes/origin/"u8, .. head.Bytes["refs/heads/".Length..]])))
        {
            WriteRemoteHead(folder, head.Bytes);
        }

        File.WriteAllText($"{note}.{own}", state);
        File.Move($"{note}.{own}", note, overwrite: true);
    }

    /// <summary>Notes that the base is in use now, for <c>gc</c>.</summary>
    public static void Touch(string folder, TimeProvider clock) =>
        File.SetLastWriteTimeUtc(Path.Combine(folder, WorkspaceLayout.BaseRecord), clock.GetUtcNow().UtcDateTime);

    /// <summary>The URL of a base, or null when it is none.</summary>
    public static RepositoryUrl? ReadUrl(string folder)
    {
        try
        {
            string[] lines = File.ReadAllLines(Path.Combine(folder, WorkspaceLayout.BaseRecord));
            return lines is ["actors base 1", ['u', 'r', 'l', ' ', .. var url]] ? RepositoryUrl.Parse(url) : null;
        }
        catch (Exception e) when (e is IOException or FormatException)
        {
            return null;
        }
    }

    private static string RecordOf(RepositoryUrl url) => $"actors base 1\nurl {url}\n";

    private static void Write(string folder, RepositoryUrl url, string? objects, Snapshot? heads)
    {
        foreach (string name in (ReadOnlySpan<string>)["objects/info", "objects/pack", "refs/heads", "refs/tags", "refs/remotes/origin", "worktrees", "info"])
        {
            _ = Directory.CreateDirectory(Path.Combine(folder, name));
        }

        Borrow(folder, objects);

        // As git itself does for a bare repository with per-worktree configuration (git-worktree, "CONFIGURATION FILE").
        File.WriteAllText(Path.Combine(folder, "config.worktree"), "[core]\n\tbare = true\n");
        File.WriteAllText(Path.Combine(folder, "config"), ConfigurationOf(url));
        SnapshotBranch? head = heads?.Branches.FirstOrDefault(branch => branch.Name == RefName.Head);
        ReadOnlySpan<byte> branch = head?.AliasOf is { } target && target.StartsWith("refs/heads/"u8) && RefNameRules.IsSound(target.Bytes)
            ? target.Bytes
            : "refs/heads/main"u8;
        File.WriteAllBytes(Path.Combine(folder, "HEAD"), [.. "ref: "u8, .. branch, (byte)'\n']);
        if (head?.AliasOf is not null && objects is not null)
        {
            WriteRemoteHead(folder, branch);
        }

        if (heads is not null && objects is not null)
        {
            File.WriteAllBytes(Path.Combine(folder, "packed-refs"), PackedRefs.Write(PackedRefs.OfHeads(heads)));
            File.WriteAllText(Path.Combine(folder, HeadsNote), heads.Id.ToString());
        }

        // Last: a base without it is none.
        File.WriteAllText(Path.Combine(folder, WorkspaceLayout.BaseRecord), RecordOf(url));
    }

    private static void WriteRemoteHead(string folder, ReadOnlySpan<byte> branch) =>
        File.WriteAllBytes(Path.Combine(folder, "refs/remotes/origin/HEAD"), [.. "ref: refs/remotes/origin/"u8, .. branch["refs/heads/".Length..], (byte)'\n']);

    /// <summary>No hooks come with a repository, and none are looked for where its files could lie; nothing is collected behind our back.</summary>
    private static string ConfigurationOf(RepositoryUrl url) =>
        "[core]\n\trepositoryformatversion = 0\n\tfilemode = true\n\tlogallrefupdates = true\n[extensions]\n\tworktreeConfig = true\n" + RemoteConfiguration(url);

    /// <summary>Where a repository comes from, and that git collects nothing by itself.</summary>
    public static string RemoteConfiguration(RepositoryUrl url) =>
        $"[gc]\n\tauto = 0\n[maintenance]\n\tauto = false\n[remote \"origin\"]\n\turl = {Quoted(url.ToString())}\n\tfetch = +refs/heads/*:refs/remotes/origin/*\n";

    /// <summary>A value or the name of a subsection (git-config, "Syntax").</summary>
    public static string Quoted(string value) =>
        $"\"{value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";

    /// <summary>gitrepository-layout, <c>objects/info/alternates</c>: one path a line.</summary>
    /// <param name="folder">A repository.</param>
    /// <param name="objects">The store's object directory; null: it has none.</param>
    public static void Borrow(string folder, string? objects)
    {
        if (objects is null)
        {
            return;
        }

        string path = Path.GetFullPath(objects);
        if (path.Contains('\n', StringComparison.Ordinal))
        {
            throw new WorkspaceRefusedException(WorkspaceEnd.Failed, "the store's path has a line feed in it: git cannot borrow from there");
        }

        File.WriteAllText(Path.Combine(folder, "objects", "info", "alternates"), path + "\n");
    }
}
