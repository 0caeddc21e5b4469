using System.Globalization;
using Actors.Client.Screens;
using Actors.Store.Heads;
using Actors.Sync.Campaigns;
using Actors.Sync.Outcomes;
using Actors.Sync.Repositories;
using Actors.Web.Forges;
using Spectre.Console;

namespace Actors.Client.Demos;

/// <summary>
/// The hostile demo's story: forges that throttle, stall, lie, move and hide; two syncs while they do, then in peace; and a verdict by the truth: every
/// name's heads are what its forge shows, git reads every object, nothing that was once stored is lost, nothing was invented.
/// </summary>
internal sealed class HostileDemoRun(Terminal terminal, TimeProvider clock, string folder, int seed)
{
    private const int PeacefulRoundsMax = 4;

    private readonly string _store = Path.Combine(folder, "store");

    /// <summary>Tells the story.</summary>
    /// <returns>The exit code: all well only when the verdict is.</returns>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        Say($"Making six forges, each with its own vice, and a name that no server knows (seed {seed}; the same seed misbehaves alike).");
        await using HostileNeighbourhood forges = new(Path.Combine(folder, "forges"), seed, clock);
        await forges.StartAsync(cancellationToken);
        foreach ((string name, string vice, HostileForge forge) in forges.Forges)
        {
            Say($"  {name,-10} {forge.Forge.Address.Authority,-16} {vice}");
        }

        await SyncAsync(forges, "First sync", cancellationToken);
        Say("While nobody looks: renames, a name taken over, a deletion, a rewrite, 3,000 tags, a repository made private, pushes.");
        await forges.ChangeAsync(cancellationToken);
        await SyncAsync(forges, "Second sync", cancellationToken);
        Say("The forges calm down: nothing fails by chance any more. Limits, renames and deletions stay.");
        forges.Calm();
        string? wrong = "";
        for (int round = 1; round <= PeacefulRoundsMax && wrong is not null; round++)
        {
            await SyncAsync(forges, round == 1 ? "In peace" : $"In peace, round {round}", cancellationToken);
            wrong = await JudgeAsync(forges, cancellationToken);
        }

        ShowForges(forges);
        Say(wrong is null
            ? "Verdict: every name's heads are what its forge shows, git reads every object of every repository from the store and git fsck finds nothing wrong; what was deleted, rewritten or taken over is still there; nothing was taken from who could not be trusted."
            : $"Verdict: NOT as the truth: {wrong}");
        return wrong is null ? ExitCode.AllWell : ExitCode.Failure;
    }

    private async Task SyncAsync(HostileNeighbourhood forges, string title, CancellationToken cancellationToken)
    {
        long began = clock.GetTimestamp();
        CampaignScreen screen = new(terminal, null, clock, quiet: !terminal.IsWatched);
        HostileObserver observer = new(screen);
        await using (WorkingStore store = await OpenAsync(cancellationToken))
        {
            using StringReader list = new(string.Join('\n', forges.Names.Select(name => name.Url)));
            await store.Engine.RunAsync(
                new CampaignRequest { List = list, Key = title, Jobs = 32, HostRules = forges.Rules, IgnoreRetryTimes = true, IncludeParked = true }, observer, cancellationToken);
        }

        screen.End();
        Table table = new Table().Title($"{title}: {Quantities.Count(observer.Reports.Count)} repositories in {Quantities.Duration(clock.GetElapsedTime(began))}").Border(TableBorder.Rounded)
            .AddColumn("forge").AddColumn("outcomes").AddColumn(new TableColumn("requests").RightAligned()).AddColumn("what was refused, and why");
        foreach (IGrouping<string, SyncReport> group in observer.Reports.GroupBy(report => forges.ForgeOf(report.Url.ToString())))
        {
            table.AddRow(
                group.Key, string.Join(", ", group.CountBy(report => report.Outcome).OrderBy(pair => pair.Key).Select(pair => $"[{ProgressView.Colour(pair.Key)}]{pair.Value} {pair.Key.ToName()}[/]")),
                Quantities.Count(group.Sum(report => report.Requests)), Markup.Escape(Reasons(group)));
        }

        terminal.Screen.Write(table);
    }

    /// <summary>Each kind of failure once, with one of its reasons.</summary>
    private static string Reasons(IEnumerable<SyncReport> reports) => string.Join(
        "\n", reports.Where(report => !report.Outcome.IsSuccess()).GroupBy(report => (report.Outcome, report.Fault)).OrderBy(group => group.Key.Outcome).Select(group =>
        {
            string reason = CampaignScreen.Printable(group.First().Error ?? "");
            return $"{group.Key.Outcome.ToName()}: {(reason.Length > 90 ? reason[..90] + "…" : reason)}{(group.Key is (Outcome.Failed, Fault.Ours) ? " (ours)" : "")}";
        }));

    private void ShowForges(HostileNeighbourhood forges)
    {
        Table table = new Table().Title("What the forges saw").Border(TableBorder.Rounded).AddColumn("forge");
        foreach (string column in (string[])["requests", "refused", "bans", "at once", "most in a second"])
        {
            table.AddColumn(new TableColumn(column).RightAligned());
        }

        table.AddColumn("what they did");
        foreach ((string name, _, HostileForge forge) in forges.Forges)
        {
            string deeds = string.Join(", ", forge.Script.Deeds.OrderBy(pair => pair.Key).Select(pair => string.Create(CultureInfo.InvariantCulture, $"{NameOf(pair.Key)} {pair.Value}")));
            table.AddRow(
                name, Quantities.Count(forge.Forge.Requests), Quantities.Count(forge.Refused), Quantities.Count(forge.Bans), Quantities.Count(forge.Forge.RequestsAtOnceMax),
                Quantities.Count(forge.Forge.RequestsPerSecondMax), deeds);
        }

        terminal.Screen.Write(table);
    }

    private static string NameOf(ForgeDeed deed) => deed switch
    {
        ForgeDeed.Throttle => "throttled",
        ForgeDeed.Ban => "banned",
        ForgeDeed.ServerError => "error 500",
        ForgeDeed.Garbage => "HTML",
        ForgeDeed.Truncate => "half answer",
        ForgeDeed.SlowStart => "late",
        ForgeDeed.BentPack => "changed byte",
        ForgeDeed.StallInPack => "stall in pack",
        ForgeDeed.ResetInPack => "reset in pack",
        _ => deed.ToString().ToLowerInvariant(),
    };

    /// <summary>What is not as the truth, or null.</summary>
    private async Task<string?> JudgeAsync(HostileNeighbourhood forges, CancellationToken cancellationToken)
    {
        string judge = Path.Combine(folder, "judge.git");
        if (!Directory.Exists(judge))
        {
            Directory.CreateDirectory(judge);
            await Git.RunAsync(judge, null, cancellationToken, "init", "-q", "--bare", ".");
            await File.WriteAllTextAsync(Path.Combine(judge, "objects", "info", "alternates"), Path.Combine(_store, "objects") + "\n", cancellationToken);
        }

        await using WorkingStore store = await OpenAsync(cancellationToken);
        HostileJudge truth = new(store.Heads, judge);
        foreach (HostileName name in forges.Names)
        {
            if (await truth.FindWrongAsync(name, cancellationToken) is { } wrong)
            {
                return $"{name.Url} {wrong}";
            }
        }

        string found = await Git.RunAsync(judge, null, cancellationToken, "fsck", "--full", "--strict", "--no-dangling");
        return found.Trim().Length > 0 ? found : null;
    }

    private Task<WorkingStore> OpenAsync(CancellationToken cancellationToken) => WorkingStore.OpenAsync(
        _store, clock, null,
        WireClient.Options(clock) with { Credentials = null, UseProxy = false, ConnectTimeMax = TimeSpan.FromSeconds(2), ReadIdleTimeMax = TimeSpan.FromSeconds(3), ProbeTimeMax = TimeSpan.FromSeconds(10) },
        cancellationToken);

    private void Say(string text) => terminal.Screen.WriteLine(text);
}
