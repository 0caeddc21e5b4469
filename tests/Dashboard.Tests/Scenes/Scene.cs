using System.Text;
using Actors.Git.Remotes;
using Actors.Store.Heads;
using Actors.Sync.Campaigns;
using Actors.Sync.Engines;
using Actors.Sync.ForgeHosts;
using Actors.Sync.Outcomes;
using Actors.Sync.Repositories;

namespace Actors.Dashboard.Tests.Scenes;

/// <summary>A busy afternoon of a cluster, from one seed: three campaigns, thirty hosts, twelve silos. Each step is half a second of it.</summary>
internal sealed class Scene
{
    private const double StepSeconds = 0.5;
    private readonly Random _chance = new(7);
    private readonly SceneBoard _board;
    private readonly DateTimeOffset _begun;
    private readonly List<CampaignId> _running = [];
    private int _steps;
    private readonly Dictionary<CampaignId, long> _lines = [];

    private Scene(SceneBoard board, DateTimeOffset begun) => (_board, _begun) = (board, begun);

    /// <summary>The campaign with the most to see.</summary>
    public CampaignId Largest => _running[0];

    public static async Task<Scene> PlayAsync(SceneBoard board, DateTimeOffset now, CancellationToken cancellationToken)
    {
        Scene scene = new(board, now);
        await scene.AddAsync("weekly, everything", 1_340_000, 0.412, 0, CampaignPhase.Done, cancellationToken);
        scene._running.Add(await scene.AddAsync("All of GitHub’s forks, November", 42_180_331, 0.374, 0, CampaignPhase.Running, cancellationToken));
        scene._running.Add(await scene.AddAsync("debian-packaging", 684_027, 0.41, 10, CampaignPhase.Running, cancellationToken));
        await scene.AddAsync("gitlab self-hosted, retry", 391_020, 0.067, -5, CampaignPhase.Paused, cancellationToken);
        board.Hosts = scene.CreateHosts();
        board.Silos = scene.CreateSilos();
        board.Failed = CreateFailures();
        board.Slowest = [.. SceneNames.Repositories.Take(14).Select((name, i) => SceneNames.Report(name, Outcome.Updated) with { ElapsedMs = 1_840_000 / (i + 1), BytesReceived = 8_400_000_000 / ((i * i) + 1), Objects = 9_100_000 / (i + 1), Requests = 9 - (i / 2) })];
        return scene;
    }

    public void Step()
    {
        _steps++;
        double wave = 1 + (0.25 * Math.Sin(_steps / 56.0)) + (0.12 * _chance.NextDouble());
        double trouble = _steps % 360 is > 150 and < 250 ? 9 : 1;
        foreach (CampaignId id in _running)
        {
            bool isLarge = id == Largest;
            long done = (long)((isLarge ? 2_450 : 140) * StepSeconds * wave / (trouble > 1 ? 1.5 : 1));
            for (int i = 0; i < (isLarge ? 3 : 1); i++)
            {
                ReportOne(id, trouble);
            }

            _board.Change(id, view => Advance(view, done, trouble));
        }

        _board.Hosts = [.. _board.Hosts.Select((host, i) => Move(host, i))];
        _board.Silos = [.. _board.Silos.Select(silo => silo.Status != "Active" ? silo : silo with
        {
            CpuShare = Math.Clamp((silo.CpuShare ?? 0.5) + ((_chance.NextDouble() - 0.5) / 20), 0.05, 0.97),
            Done = silo.Done + (long)(210 * StepSeconds * wave),
            Running = _chance.Next(80, 140),
            Activations = silo.Activations + _chance.Next(-300, 300),
        })];
    }

    private static CampaignView Advance(CampaignView view, long done, double trouble)
    {
        long[] outcomes = [.. view.Progress.Outcomes];
        double[] shares = SceneNames.Shares(trouble);
        for (int i = 0; i < outcomes.Length; i++)
        {
            outcomes[i] += (long)(done * shares[i]);
        }

        return view with
        {
            Progress = view.Progress with
            {
                Elapsed = view.Progress.Elapsed + TimeSpan.FromSeconds(StepSeconds),
                Outcomes = outcomes,
                Repositories = view.Progress.Repositories + done,
                Objects = view.Progress.Objects + (done * 31),
                BytesReceived = view.Progress.BytesReceived + (done * 41_000),
                BytesSaved = view.Progress.BytesSaved + (done * 1_930_000),
                Requests = view.Progress.Requests + (done * 5 / 4),
                Running = 1_180 + (int)(done % 90),
            },
        };
    }

    private async Task<CampaignId> AddAsync(string name, long lines, double share, int priority, CampaignPhase phase, CancellationToken cancellationToken)
    {
        CampaignId id = await _board.SubmitAsync(new CampaignOrder { Name = name, Priority = priority }, new MemoryStream(Encoding.UTF8.GetBytes("x\n")), cancellationToken);
        bool before = phase == CampaignPhase.Done;
        long done = (long)(lines * (phase == CampaignPhase.Done ? 0.982 : share));
        _board.Change(id, view => Advance(
            view with
            {
                Phase = phase,
                Lines = lines,
                SubmittedAt = _begun.AddHours(before ? -30 : -4.6),
                EndedAt = before ? _begun.AddHours(-9) : null,
                Progress = view.Progress with
                {
                    Elapsed = TimeSpan.FromHours(4.6),
                    LinesRead = lines,
                    Repositories = lines,
                    Duplicates = (long)(lines * share * 0.012),
                    Rejected = (long)(lines * share * 0.002),
                    Skipped = (long)(lines * share * 0.004),
                    Running = phase == CampaignPhase.Running ? 1_180 : 0,
                    Hosts = [.. SceneNames.Hosts.Take(9).Select((host, i) => new HostProgress(ForgeHost.Parse(host), 240 / (i + 1), 900_000 / ((i * i) + 1), 4_100_000 / (i + 1), i * 40, i == 3 ? _begun.AddMinutes(3) : null))],
                },
            },
            done, 1));
        _lines[id] = (await _board.FindAsync(id, cancellationToken))!.Progress.Outcomes.Sum() + (long)(lines * share * 0.002);
        if (phase != CampaignPhase.Running)
        {
            _board.Change(id, view => view with { Progress = view.Progress with { Running = 0, Hosts = [] } });
        }

        return id;
    }

    private void ReportOne(CampaignId id, double trouble)
    {
        string name = SceneNames.Repositories[_chance.Next(SceneNames.Repositories.Count)];
        double[] shares = SceneNames.Shares(trouble);
        double left = _chance.NextDouble();
        int outcome = 1;
        while (outcome < shares.Length - 1 && (left -= shares[outcome]) > 0)
        {
            outcome++;
        }

        SyncReport report = SceneNames.Report(name, (Outcome)outcome);
        _board.Report(id, new ReportLine { Number = _lines[id] = _lines.GetValueOrDefault(id) + 1, Sync = report with { ElapsedMs = _chance.Next(40, 2400), BytesReceived = ((Outcome)outcome).IsSuccess() ? _chance.Next(300, 900_000) : 0, Objects = outcome <= (int)Outcome.Updated ? _chance.Next(4, 3_000) : 0, Requests = 1 } });
    }

    private HostView Move(HostView host, int place) => host with
    {
        Running = host.SilentUntil is null && host.BrakedUntil is null && !host.IsDown ? Math.Clamp(host.Running + _chance.Next(-3, 4), 0, host.Allowed) : 0,
        Waiting = Math.Max(0, host.Waiting - _chance.Next(0, 1_200 / ((place * place) + 1))),
        Done = host.Done + _chance.Next(0, 1_200 / (place + 1)),
        Throttled = host.Throttled + (place is 1 && _steps % 9 == 0 ? 1 : 0),
    };

    private List<HostView> CreateHosts() => [.. SceneNames.Hosts.Select((name, i) => new HostView
    {
        Host = ForgeHost.Parse(name),
        Allowed = i == 0 ? 480 : Math.Max(2, 160 / (i + 1)),
        Running = i == 0 ? 471 : Math.Max(0, (160 / (i + 1)) - 2),
        RequestsPerSecond = i == 0 ? 1_400 : i % 4 == 3 ? null : Math.Round(320.0 / (i + 1), 1),
        Waiting = i == 0 ? 24_118_402 : 2_400_000 / (i * i * i),
        Done = i == 0 ? 12_004_118 : 1_900_000 / (i * i),
        Throttled = i is 1 or 4 or 11 ? 1_204 / i : i % 5,
        SilentUntil = i is 4 ? _begun.AddMinutes(14) : i is 11 ? _begun.AddMinutes(62) : null,
        BrakedUntil = i is 7 ? _begun.AddHours(5.2) : null,
        IsDown = i is 13 or 22,
    })];

    private List<SiloView> CreateSilos() => [.. Enumerable.Range(1, 12).Select(i => new SiloView
    {
        Name = $"silo-{i:00}.actors.svc:11111",
        Status = i switch { 9 => "ShuttingDown", 12 => "Joining", _ => "Active" },
        Version = i == 12 ? "1.4.1" : "1.4.0",
        StartedAt = _begun.AddHours(i == 12 ? -0.01 : -4.7 + (i / 20.0)),
        CpuShare = i == 12 ? null : i == 3 ? 0.93 : 0.44 + (_chance.NextDouble() / 3),
        MemoryBytes = 1_900_000_000 + (_chance.Next(0, 700) * 1_000_000L),
        Activations = i == 12 ? 0 : 18_000 + _chance.Next(0, 4_000),
        Running = i == 12 ? 0 : 104,
        Done = i == 12 ? 0 : 1_300_000 + _chance.Next(0, 90_000),
    })];

    private static List<SyncReport> CreateFailures() => [.. SceneNames.Failures.Select((failure, i) => SceneNames.Report(SceneNames.Repositories[i * 3 % SceneNames.Repositories.Count], failure.Outcome) with
    {
        Fault = failure.Fault, Error = failure.Error, ElapsedMs = 300 + (i * 977 % 61_000), RetryAt = new DateTimeOffset(2026, 11, 22, 3, 0, 0, TimeSpan.Zero).AddMinutes(i * 47),
    })];
}
