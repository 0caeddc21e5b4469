using System.Globalization;
using Actors.Git.Remotes;
using Actors.Store.Heads;
using Actors.Sync.ForgeHosts;

namespace Actors.Sync.Campaigns;

/// <summary>Says in sentences for a person why a repository is not done. Times are UTC.</summary>
public static class RepositoryExplanation
{
    /// <summary>What is known, the most telling first.</summary>
    /// <param name="url">The repository.</param>
    /// <param name="state">What the head store knows of it, or null.</param>
    /// <param name="error">What its last visit failed with, or null.</param>
    /// <param name="visitedSince">Since when it is being visited, or null.</param>
    /// <param name="host">Its host, or that of its confirmed new address; null: nothing is known of it.</param>
    /// <param name="campaigns">All campaigns; ended ones are passed over. Null: nothing is known of campaigns, and nothing is said.</param>
    /// <param name="refusal">Why this server does not visit it at all, or null.</param>
    /// <param name="now">The time.</param>
    public static IReadOnlyList<string> Explain(
        RepositoryUrl url, RepositoryState? state, string? error, DateTimeOffset? visitedSince, HostView? host,
        IReadOnlyList<CampaignFacts>? campaigns, string? refusal, DateTimeOffset now)
    {
        List<string> said = [];
        if (refusal is not null)
        {
            said.Add($"It is not visited from here: {refusal}.");
        }

        if (visitedSince is { } since)
        {
            said.Add($"It is being visited since {Time(since, now)}.");
        }

        AddHost(said, host, now);
        List<CampaignFacts> open = [.. (campaigns ?? []).Where(campaign => campaign.View.Phase is CampaignPhase.Running or CampaignPhase.Paused or CampaignPhase.Submitting)];
        foreach (CampaignFacts campaign in open)
        {
            AddCampaign(said, campaign, open, visitedSince is not null, state);
        }

        if (open.Count == 0 && campaigns is not null)
        {
            said.Add("No campaign is running or waiting.");
        }

        AddState(said, state, error, now);
        return said;
    }

    private static void AddHost(List<string> said, HostView? host, DateTimeOffset now)
    {
        if (host is null)
        {
            return;
        }

        string waiting = host.Waiting switch { 0 => "", 1 => "; 1 repository waits there", _ => $"; {Count(host.Waiting)} repositories wait there" };
        if (host.BrakedUntil is { } braked)
        {
            said.Add($"An operator braked {host.Host} until {Time(braked, now)}{waiting}.");
        }

        if (host.SilentUntil is { } silent)
        {
            said.Add($"{host.Host} asked for silence until {Time(silent, now)}{waiting}.");
        }
        else if (host.IsDown)
        {
            said.Add($"{host.Host} does not answer: one request at a time tries whether it is back{waiting}.");
        }
        else if (host.Waiting > 0 && host.BrakedUntil is null)
        {
            string rate = host.RequestsPerSecond is { } perSecond ? string.Create(CultureInfo.InvariantCulture, $", and {perSecond:0.##} requests a second") : "";
            said.Add($"{host.Host} gets {Count(host.Running)} of {Count(host.Allowed)} syncs at once{rate}{waiting}.");
        }
    }

    private static void AddCampaign(List<string> said, CampaignFacts campaign, List<CampaignFacts> open, bool isVisited, RepositoryState? state)
    {
        CampaignView view = campaign.View;
        string name = view.Order.Name.Length == 0 ? $"Campaign {view.Id}" : $"Campaign {view.Id} \"{view.Order.Name}\"";
        said.Add((view.Phase, campaign) switch
        {
            (_, { HasRepository: true }) when !isVisited => $"{name} has taken it up: it waits for its turn.",
            (_, { HasRepository: true }) => $"{name} has taken it up.",
            _ when state is { Visit: > 0 } && state.Campaign == view.Id => $"{name} has visited it.",
            (CampaignPhase.Submitting, _) => $"{name} is still being submitted: nothing of it is worked before its list is complete.",
            (CampaignPhase.Paused, _) => $"{name} is paused.",
            (_, { GoesOnAt: { } at }) => $"{name} failed ({campaign.Failure}); it goes on at {Time(at, at)}.",
            (_, { IsWorked: false }) => $"{name} waits behind {Before(campaign, open)}.",
            _ when view.Progress.ListEnded && view.Progress.LinesRead == view.Lines => $"{name} does not have it now: its line is done, or waits to be taken up, or is not in the list.",
            _ => $"{name} has read {Count(view.Progress.LinesRead)} of the {Count(view.Lines)} lines of its list and does not have it now: its line is done, or comes later, or is not there.",
        });
    }

    private static string Before(CampaignFacts campaign, List<CampaignFacts> open)
    {
        int before = open.Count(other => other.IsWorked && other.View.Order.Priority >= campaign.View.Order.Priority);
        return before == 1 ? "another campaign" : $"{Count(before)} other campaigns";
    }

    private static void AddState(List<string> said, RepositoryState? state, string? error, DateTimeOffset now)
    {
        if (state is null || state.Visit == 0)
        {
            said.Add("It was never visited.");
            return;
        }

        string by = state.Campaign.Number == 0 ? "" : $" by campaign {state.Campaign}";
        said.Add($"It was last visited at {Time(state.VisitedAt, now)}{by}: {state.Outcome.ToName()}{(error is null ? "" : $" ({error})")}.");
        if (state.Failures > 1)
        {
            said.Add($"It failed {Count(state.Failures)} times in a row{(state.SucceededAt is { } at ? $" since {Time(at, now)}" : " and never succeeded")}.");
        }

        if (state.RetryAt is { } retryAt && retryAt > now)
        {
            said.Add(state.Evidence.IsParked
                ? $"It was gone or refused for weeks: only campaigns that include parked repositories visit it before {Time(retryAt, now)}."
                : $"Campaigns that obey retry times leave it alone until {Time(retryAt, now)}.");
        }

        if (state.Evidence.Address is { } address)
        {
            said.Add($"It has moved for good, and is asked for at {address}.");
        }
    }

    /// <summary>Of today: the time of day.</summary>
    private static string Time(DateTimeOffset time, DateTimeOffset now) =>
        time.UtcDateTime.ToString(time.UtcDateTime.Date == now.UtcDateTime.Date ? "HH:mm:ss" : "yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);

    private static string Count(long count) => count.ToString("N0", CultureInfo.InvariantCulture);
}
