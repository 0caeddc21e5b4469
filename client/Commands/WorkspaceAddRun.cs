using System.Collections.Concurrent;
using Actors.Client.Reports;
using Actors.Git.Lfs;
using Actors.Git.Remotes;
using Actors.Store.Heads;
using Actors.Store.WorldOfCode;
using Actors.Sync.Campaigns;
using Actors.Sync.Engines;
using Actors.Sync.Repositories;
using Actors.Sync.Workspaces;
using Spectre.Console;

namespace Actors.Client.Commands;

/// <summary>
/// One run of <c>actors workspace add</c>: first what the store has, beside whoever writes it; then, as its writer, what it
/// lacks: one campaign over the repositories, single commits, and the rest of the workspaces.
/// </summary>
internal sealed class WorkspaceAddRun(Terminal terminal, TimeProvider clock)
{
    private IProgress<(long Done, long Total)>? _bar;
    private WorkspaceReport? _report;
    private LfsClient? _lfs;
    private long _steps;
    private long _done;

    public RepositoryUrl? Url { get; init; }

    public string? ListPath { get; init; }

    public string? Commit { get; init; }

    public string? Folder { get; init; }

    public string? Branch { get; init; }

    public IReadOnlyList<string> Sparse { get; init; } = [];

    public bool Lfs { get; init; }

    public bool Fresh { get; init; }

    public bool Offline { get; init; }

    public TimeSpan Wait { get; init; }

    public string? ReportPath { get; init; }

    public int Jobs { get; init; }

    public required string StorePath { get; init; }

    /// <summary>Makes the workspaces, prints their paths, tells what failed.</summary>
    /// <returns>The exit code.</returns>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        (IReadOnlyList<WorkspaceRequest> requests, int bad) = ListPath is null ? ([Single()], 0) : await ReadListAsync(cancellationToken);
        using LfsClient? client = _lfs = Lfs ? WireClient.CreateLfs(clock) : null;
        using WorkspaceReport? report = _report = ReportPath is null ? null : WorkspaceReport.Open(ReportPath, terminal);
        List<WorkspaceResult> ended = await ProgressBar.RunAsync(terminal, "workspaces", async bar =>
        {
            _bar = bar;
            _steps = requests.Count;
            return await MakeAsync(requests, cancellationToken);
        });
        foreach (WorkspaceResult result in ended.Where(one => one.End != WorkspaceEnd.Made))
        {
            string commit = result.Request.Commit is { } named ? " " + named : "";
            terminal.Error.WriteLine($"actors: {result.Request.Url}{commit}: {Printable(result.Error ?? "")}");
        }

        if (ReportPath != "-")
        {
            ended.Where(one => one.Workspace is not null).ToList().ForEach(one => terminal.Lines.WriteLine(one.Workspace!.Path));
        }

        await terminal.Lines.FlushAsync(cancellationToken);
        int made = ended.Count(one => one.End == WorkspaceEnd.Made);
        if (ListPath is not null)
        {
            terminal.Screen.WriteLine($"{Quantities.Count(made)} workspaces made, {Quantities.Count(ended.Count - made)} failed, {Quantities.Count(bad)} bad lines; "
                + $"{Quantities.Count(ended.Sum(one => (long)one.Entries))} entries, {Quantities.Bytes(ended.Sum(one => one.Bytes))}");
        }

        return made == ended.Count && bad == 0 ? ExitCode.AllWell : ExitCode.SomeFailed;
    }

    private async Task<List<WorkspaceResult>> MakeAsync(IReadOnlyList<WorkspaceRequest> requests, CancellationToken cancellationToken)
    {
        List<WorkspaceResult> ended = [];
        List<WorkspaceRequest> lacking = [.. requests];
        if (!Fresh && (StorePlace.Of(StorePath).Folder is not { } folder || File.Exists(StoreFolder.HeadsOf(folder))))
        {
            await using ReadingStore store = await ReadingStore.OpenAsync(StorePath, clock, cancellationToken);
            WorkspaceBatch batch = new(WorkspaceCommand.RootOf(StorePath, store.Objects, store.Heads, clock, _lfs), Jobs);
            IReadOnlyList<WorkspaceResult> results = await batch.AddAsync(requests, one => Tell(one, Offline), cancellationToken);
            lacking = Offline ? [] : [.. results.Where(one => one.End == WorkspaceEnd.NotFound).Select(one => one.Request)];
            ended.AddRange(results.Where(one => Offline || one.End != WorkspaceEnd.NotFound));
        }
        else if (Offline)
        {
            StoreFolder.Demand(StorePlace.Of(StorePath));
        }

        if (lacking.Count > 0)
        {
            await using WorkingStore store = await WorkingStore.OpenInTurnAsync(StorePath, Wait, clock, cancellationToken);
            ended.AddRange(await FetchAndMakeAsync(store, lacking, cancellationToken));
        }

        return ended;
    }

    private async Task<List<WorkspaceResult>> FetchAndMakeAsync(WorkingStore store, List<WorkspaceRequest> lacking, CancellationToken cancellationToken)
    {
        ILookup<RepositoryUrl, WorkspaceRequest> wanted = lacking.ToLookup(one => one.Url);
        _steps += wanted.Count;
        ConcurrentDictionary<RepositoryUrl, IReadOnlyList<(WorkspaceRequest Request, string? Error)>> brought = [];
        ConcurrentDictionary<RepositoryUrl, string> unvisited = [];
        await using IEngine engine = store.EngineAround(visit => async (url, known, token) =>
        {
            (SyncResult result, brought[url]) = await store.Fetch.VisitAsync(visit, [.. wanted[url]], known, token);
            return result;
        });
        await engine.RunAsync(
            new CampaignRequest { List = new StringReader(string.Join('\n', wanted.Select(one => one.Key))), Key = "workspaces", IgnoreRetryTimes = true, IncludeParked = true },
            new WorkspaceFetchObserver(report =>
            {
                unvisited[report.Url] = $"{report.Url}: {report.Outcome.ToName()}: {report.Error}";
                Step();
            }),
            cancellationToken);
        List<WorkspaceResult> ended = [];
        List<WorkspaceRequest> here = [];
        foreach ((WorkspaceRequest request, string? error) in wanted.SelectMany(
            one => brought.GetValueOrDefault(one.Key) ?? [.. one.Select(request => (request, (string?)unvisited.GetValueOrDefault(one.Key, "was not visited")))]))
        {
            if (error is null)
            {
                here.Add(request);
                continue;
            }

            ended.Add(new WorkspaceResult { Request = request, End = WorkspaceEnd.RemoteFailed, Error = error });
            Tell(ended[^1], last: true);
        }

        WorkspaceRoot root = WorkspaceCommand.RootOf(StorePath, store.Objects, store.Heads, clock, _lfs);
        ended.AddRange(await new WorkspaceBatch(root, Jobs).AddAsync(here, one => Tell(one, last: true), cancellationToken));
        return ended;
    }

    private void Tell(WorkspaceResult result, bool last)
    {
        if (last || result.End != WorkspaceEnd.NotFound)
        {
            _report?.Write(result);
            Step();
        }
    }

    private void Step() => _bar?.Report((Interlocked.Increment(ref _done), _steps));

    private WorkspaceRequest Single() => new() { Url = Url!.Value, Commit = Commit, Path = Folder, Branch = Branch, Sparse = Sparse, Lfs = Lfs };

    private async Task<(IReadOnlyList<WorkspaceRequest> Requests, int Bad)> ReadListAsync(CancellationToken cancellationToken)
    {
        List<WorkspaceRequest> requests = [];
        int bad = 0;
        int number = 0;
        using TextReader lines = new ListSources([ListPath!], terminal.Input).Open();
        while (await lines.ReadLineAsync(cancellationToken) is { } line)
        {
            number++;
            string[] fields = line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
            if (fields.Length == 0 || fields[0].StartsWith('#'))
            {
                continue;
            }

            if (fields.Length > 3 || !RepositoryUrl.TryParse(ShortForms.Expand(fields[0]), out RepositoryUrl url, out string? reason))
            {
                bad++;
                terminal.Error.WriteLine($"actors: line {number}: '{Printable(line)}' is no URL with commit and path");
                continue;
            }

            string? commit = fields.Length > 1 ? fields[1] : Commit;
            requests.Add(new WorkspaceRequest { Url = url, Commit = commit, Path = PathOf(url, commit, fields.ElementAtOrDefault(2)), Branch = Branch, Sparse = Sparse, Lfs = Lfs });
        }

        return (requests, bad);
    }

    private string? PathOf(RepositoryUrl url, string? commit, string? given)
    {
        if (given is not null || Folder is null)
        {
            return given is null || Folder is null ? given : Path.Combine(Folder, given);
        }

        string name = Path.GetFileNameWithoutExtension(url.ToString().TrimEnd('/').Split('/')[^1]);
        string label = new([.. (commit ?? "HEAD").Take(40).Select(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' ? c : '-')]);
        return Path.Combine(Folder, $"{name}-{BaseName.Of(url).ToString()[..6]}-{label}");
    }

    private static string Printable(string text) => new([.. text.Take(300).Select(c => char.IsControl(c) ? '?' : c)]);
}
