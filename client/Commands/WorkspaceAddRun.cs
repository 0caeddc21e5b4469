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

    public bool Submodules { get; init; }

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
        List<WorkspaceResult> lacking = [.. requests.Select(one => new WorkspaceResult { Request = one, End = WorkspaceEnd.NotFound, Lacking = [one] })];
        if (!Fresh && (StorePlace.Of(StorePath).Folder is not { } folder || File.Exists(StoreFolder.HeadsOf(folder))))
        {
            await using ReadingStore store = await ReadingStore.OpenAsync(StorePath, clock, cancellationToken);
            WorkspaceBatch batch = new(WorkspaceCommand.RootOf(StorePath, store.Objects, store.Heads, clock, _lfs), Jobs);
            IReadOnlyList<WorkspaceResult> results = await batch.AddAsync(requests, one => Tell(one, Offline), cancellationToken);
            lacking = Offline ? [] : [.. results.Where(one => one.Lacking.Count > 0)];
            ended.AddRange(results.Where(one => Offline || one.Lacking.Count == 0));
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

    /// <summary>Level by level: what is lacking is fetched, and may show submodules that are lacking too. Each commit is asked for once.</summary>
    private async Task<List<WorkspaceResult>> FetchAndMakeAsync(WorkingStore store, List<WorkspaceResult> lacking, CancellationToken cancellationToken)
    {
        List<WorkspaceResult> ended = [];
        Dictionary<(RepositoryUrl, string?), (WorkspaceRequest Request, string? Error)> brought = [];
        WorkspaceBatch batch = new(WorkspaceCommand.RootOf(StorePath, store.Objects, store.Heads, clock, _lfs), Jobs);
        while (lacking.Count > 0)
        {
            WorkspaceRequest[] wanted = [.. lacking.SelectMany(one => one.Lacking).DistinctBy(KeyOf).Where(one => !brought.ContainsKey(KeyOf(one)))];
            await FetchAsync(store, wanted, brought, cancellationToken);
            List<WorkspaceRequest> here = [];
            foreach (WorkspaceResult one in lacking)
            {
                if (one.Lacking.Select(part => brought[KeyOf(part)].Error).FirstOrDefault(error => error is not null) is { } error)
                {
                    ended.Add(one with { End = WorkspaceEnd.RemoteFailed, Error = error });
                    Tell(ended[^1], last: true);
                    continue;
                }

                here.Add(one.Request with { Commit = brought.TryGetValue(KeyOf(one.Request), out (WorkspaceRequest Request, string?) named) ? named.Request.Commit : one.Request.Commit });
            }

            bool IsLast(WorkspaceResult one) => one.Lacking.All(part => brought.ContainsKey(KeyOf(part)));
            IReadOnlyList<WorkspaceResult> results = await batch.AddAsync(here, one => Tell(one, IsLast(one)), cancellationToken);
            ended.AddRange(results.Where(IsLast));
            lacking = [.. results.Where(one => !IsLast(one))];
        }

        return ended;
    }

    private static (RepositoryUrl, string?) KeyOf(WorkspaceRequest request) => (request.Url, request.Commit);

    /// <summary>One campaign over the repositories of what is wanted, and single commits with each visit.</summary>
    private async Task FetchAsync(
        WorkingStore store, IReadOnlyList<WorkspaceRequest> all, Dictionary<(RepositoryUrl, string?), (WorkspaceRequest Request, string? Error)> ends, CancellationToken cancellationToken)
    {
        ILookup<RepositoryUrl, WorkspaceRequest> wanted = all.ToLookup(one => one.Url);
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
        foreach (IGrouping<RepositoryUrl, WorkspaceRequest> one in wanted)
        {
            WorkspaceRequest[] asked = [.. one];
            IReadOnlyList<(WorkspaceRequest Request, string? Error)> parts = brought.GetValueOrDefault(one.Key)
                ?? [.. asked.Select(request => (request, (string?)unvisited.GetValueOrDefault(one.Key, "was not visited")))];
            for (int i = 0; i < asked.Length; i++)
            {
                ends[KeyOf(asked[i])] = parts[i];
            }
        }
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

    private WorkspaceRequest Single() => new() { Url = Url!.Value, Commit = Commit, Path = Folder, Branch = Branch, Sparse = Sparse, Lfs = Lfs, Submodules = Submodules };

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
            requests.Add(new WorkspaceRequest { Url = url, Commit = commit, Path = PathOf(url, commit, fields.ElementAtOrDefault(2)), Branch = Branch, Sparse = Sparse, Lfs = Lfs, Submodules = Submodules });
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
