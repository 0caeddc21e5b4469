using System.Globalization;
using Actors.Store.Heads;
using Actors.Sync.Campaigns;
using Actors.Sync.Repositories;
using Actors.Web.Forges;
using Spectre.Console;

namespace Actors.Client.Demos;

/// <summary>The demo's story: a forge, a first sync, a week of changes, a second sync, and git's own verdict, with git's own clones and fetches beside it.</summary>
internal sealed class DemoRun(Terminal terminal, TimeProvider clock, string folder)
{
    private readonly string _forgeFolder = Path.Combine(folder, "forge");
    private readonly string _clones = Path.Combine(folder, "clones");
    private readonly string _store = Path.Combine(folder, "store");

    /// <summary>Tells the story.</summary>
    /// <returns>The exit code: all well only when git finds every object of the forge in the store.</returns>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(_forgeFolder);
        Say("Making a forge: a library of 1,500 commits, two forks of it, an application with a vendored copy, a tool, an empty repository.");
        DemoRepositories repositories = new(_forgeFolder);
        await repositories.CreateAsync(cancellationToken);
        await using LocalForge forge = await LocalForge.StartAsync(_forgeFolder, cancellationToken);
        Say($"It serves real smart HTTP at {forge.Address}.");

        IReadOnlyDictionary<string, long> cloned = await MeasureGitAsync(forge, CloneAsync, cancellationToken);
        await SyncAsync(forge, "First sync", "git clone --mirror", cloned, cancellationToken);
        Say("A week passes: 20 commits and a tag, a fork catches up, a branch is deleted, a force-push, the empty repository's first commit.");
        await repositories.ChangeAsync(cancellationToken);
        IReadOnlyDictionary<string, long> fetched = await MeasureGitAsync(forge, FetchAsync, cancellationToken);
        await SyncAsync(forge, "Second sync", "git fetch", fetched, cancellationToken);
        IReadOnlyDictionary<string, long> idle = await MeasureGitAsync(forge, FetchAsync, cancellationToken);
        await SyncAsync(forge, "Third sync, nothing changed", "git fetch", idle, cancellationToken);
        return await JudgeAsync(cancellationToken) ? ExitCode.AllWell : ExitCode.Failure;
    }

    private async Task SyncAsync(LocalForge forge, string title, string rival, IReadOnlyDictionary<string, long> rivalBytes, CancellationToken cancellationToken)
    {
        DemoObserver observer = new();
        await using (WorkingStore store = await WorkingStore.OpenAsync(_store, clock, null, cancellationToken))
        {
            using StringReader list = new(string.Join('\n', DemoRepositories.Paths.Select(forge.UrlOf)));
            // One at a time, so that the table's order is the list's and forks come after what they forked.
            await store.Engine.RunAsync(new CampaignRequest { List = list, Key = title, Jobs = 1 }, observer, cancellationToken);
        }

        Table table = new Table().Title(title).Border(TableBorder.Rounded);
        table.AddColumn("repository").AddColumn("outcome").AddColumn("how it asked");
        foreach (string column in (string[])["requests", "new objects", "received", rival, "saved"])
        {
            table.AddColumn(new TableColumn(column).RightAligned());
        }

        foreach (SyncReport report in observer.Reports)
        {
            string path = report.Url.ToString()[forge.Address.AbsoluteUri.Length..];
            long git = rivalBytes[path];
            table.AddRow(
                Markup.Escape(path), report.Outcome.ToName(), How(report), Quantities.Count(report.Requests), Quantities.Count(report.Objects),
                Quantities.Bytes(report.BytesReceived), Quantities.Bytes(git), Saved(git, report.BytesReceived));
        }

        long received = observer.Reports.Sum(r => r.BytesReceived);
        long rivals = rivalBytes.Values.Sum();
        table.AddRow("[bold]all[/]", "", "", Quantities.Count(observer.Reports.Sum(r => r.Requests)), Quantities.Count(observer.Reports.Sum(r => r.Objects)),
            Quantities.Bytes(received), Quantities.Bytes(rivals), Saved(rivals, received));
        terminal.Screen.Write(table);
    }

    private static string How(SyncReport report) => report.Rungs.Count == 0 ? "" : report.Rungs[^1] switch
    {
        Rung.HeadsOnly => "store has it all",
        Rung.OwnHeads => "own heads as haves",
        Rung.CommitProbe => "found its origin",
        Rung.MissingBlobs => "only missing blobs",
        Rung.SampledHaves => "sampled haves",
        Rung.LegacyProtocol => "protocol v0",
        _ => "everything",
    };

    private static string Saved(long git, long ours) =>
        ours >= git ? "" : string.Create(CultureInfo.InvariantCulture, $"{100 - (100.0 * ours / git):0.0} %");

    private static async Task<IReadOnlyDictionary<string, long>> MeasureGitAsync(
        LocalForge forge, Func<LocalForge, string, CancellationToken, Task> run, CancellationToken cancellationToken)
    {
        Dictionary<string, long> bytes = [];
        foreach (string path in DemoRepositories.Paths)
        {
            long before = forge.BytesSentOf(path);
            await run(forge, path, cancellationToken);
            bytes[path] = forge.BytesSentOf(path) - before;
        }

        return bytes;
    }

    private async Task CloneAsync(LocalForge forge, string path, CancellationToken cancellationToken)
    {
        string clone = Path.Combine(_clones, path);
        Directory.CreateDirectory(Path.GetDirectoryName(clone)!);
        await Git.RunAsync(_clones, null, cancellationToken, "clone", "-q", "--mirror", forge.UrlOf(path), clone);
    }

    private async Task FetchAsync(LocalForge forge, string path, CancellationToken cancellationToken) =>
        await Git.RunAsync(Path.Combine(_clones, path), null, cancellationToken, "fetch", "-q", "--prune");

    /// <summary>git reads the store through alternates: everything that the forge's refs reach must be there.</summary>
    private async Task<bool> JudgeAsync(CancellationToken cancellationToken)
    {
        string judge = Path.Combine(folder, "judge.git");
        Directory.CreateDirectory(judge);
        await Git.RunAsync(judge, null, cancellationToken, "init", "-q", "--bare", ".");
        await File.WriteAllTextAsync(Path.Combine(judge, "objects", "info", "alternates"), Path.Combine(_store, "objects") + "\n", cancellationToken);
        bool same = true;
        foreach (string path in DemoRepositories.Paths)
        {
            string source = Path.Combine(_forgeFolder, path);
            string tips = await Git.RunAsync(source, null, cancellationToken, "for-each-ref", "--format=%(objectname)");
            string wanted = await ListAsync(source, tips, cancellationToken);
            same &= wanted == await ListAsync(judge, tips, cancellationToken);
        }

        string verdict = await Git.RunAsync(judge, null, cancellationToken, "fsck", "--full", "--strict", "--no-dangling");
        Say(same ? "git reads every object of every repository from the store, and git fsck finds nothing wrong." : $"git does not agree: {verdict}");
        return same;
    }

    private static Task<string> ListAsync(string repository, string tips, CancellationToken cancellationToken) =>
        Git.RunAsync(repository, writer => writer.Write(tips), cancellationToken, "rev-list", "--objects", "--no-object-names", "--stdin");

    private void Say(string text) => terminal.Screen.WriteLine(text);
}
