using System.Globalization;
using System.Text;
using Actors.Git.Objects;

namespace Actors.Sync.Tests.Simulation.Fleets;

/// <summary>All histories of all fleets: real git objects, made once. Repositories that show the same history are forks of each other.</summary>
internal static class FleetHistories
{
    public const int Count = 40;

    /// <summary>Commits of the main line of each; each but the first has a rewrite.</summary>
    public const int Length = 24;

    private static readonly (FleetCommit[] Main, FleetCommit[] Rewrites)[] Lines = [.. Enumerable.Range(0, Count).Select(Make)];

    /// <summary>By oid of the commit.</summary>
    public static IReadOnlyDictionary<Oid, FleetCommit> Commits { get; } = Lines.SelectMany(line => line.Main.Concat(line.Rewrites)).ToDictionary(commit => commit.Oid);

    /// <summary>What each object refers to.</summary>
    public static IReadOnlyDictionary<Oid, IReadOnlyList<ObjectReference>> References { get; } = Commits.Values.SelectMany(commit => commit.Objects)
        .ToDictionary(one => one.Key, one => ObjectReferences.List(one.Value.Type, one.Value.Content.Span));

    public static FleetCommit Find(int history, int place, bool isRewrite) => isRewrite && place > 0 ? Lines[history].Rewrites[place - 1] : Lines[history].Main[place];

    private static (FleetCommit[] Main, FleetCommit[] Rewrites) Make(int history)
    {
        FleetCommit[] main = new FleetCommit[Length];
        for (int place = 0; place < Length; place++)
        {
            main[place] = Make(history, place, false, place == 0 ? null : main[place - 1]);
        }

        return (main, [.. Enumerable.Range(1, Length - 1).Select(place => Make(history, place, true, main[place - 1]))]);
    }

    private static FleetCommit Make(int history, int place, bool isRewrite, FleetCommit? parent)
    {
        KeyValuePair<Oid, GitObject> blob = Make(ObjectType.Blob, Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{history} {place} {isRewrite}\n")));
        byte[] entry = [.. "100644 file\0"u8, .. new byte[Oid.Length]];
        blob.Key.CopyTo(entry.AsSpan(entry.Length - Oid.Length));
        KeyValuePair<Oid, GitObject> tree = Make(ObjectType.Tree, entry);
        string text = $"tree {tree.Key}\n{(parent is null ? "" : $"parent {parent.Oid}\n")}author A <a@example.org> 1600000000 +0000\ncommitter A <a@example.org> 1600000000 +0000\n\nOne\n";
        KeyValuePair<Oid, GitObject> commit = Make(ObjectType.Commit, Encoding.ASCII.GetBytes(text));
        return new FleetCommit { History = history, Place = place, IsRewrite = isRewrite, Oid = commit.Key, Parent = parent, Objects = [commit, tree, blob] };
    }

    private static KeyValuePair<Oid, GitObject> Make(ObjectType type, byte[] content) => new(ObjectHash.Compute(type, content), new GitObject(type, content));
}
