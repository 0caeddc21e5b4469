using System.CommandLine;
using System.Globalization;
using Actors.Git.Remotes;
using Actors.Store.Exports;
using Actors.Store.Heads;
using Spectre.Console;

namespace Actors.Client.Commands;

/// <summary><c>actors export</c>: a repository of the store as a bare repository of its own.</summary>
internal static class ExportCommand
{
    public static Command Create(Terminal terminal, TimeProvider clock)
    {
        Argument<RepositoryUrl> url = Arguments.Url();
        Argument<string> directory = new("DIR") { Description = "Where the bare repository goes; must not exist, or be empty." };
        Option<string?> at = new("--at")
        {
            HelpName = "SNAPSHOT|TIME",
            Description = "As an earlier visit saw it: a snapshot id, or a time (2026-05-01 or 2026-05-01T12:00:00Z: the last visit before it). Default: the current heads.",
        };
        Option<string> store = SharedOptions.Store();
        Command command = new("export", "Write a stored repository out as a bare git repository, as it is now or as an earlier visit saw it.") { url, directory, at, store };
        command.SetAction((parsed, cancellation) => RunAsync(
            terminal, clock, parsed.GetRequiredValue(store), parsed.GetRequiredValue(url), parsed.GetRequiredValue(directory), parsed.GetValue(at), cancellation));
        return command;
    }

    private static async Task<int> RunAsync(
        Terminal terminal, TimeProvider clock, string path, RepositoryUrl url, string directory, string? at, CancellationToken cancellationToken)
    {
        await using ReadingStore store = await ReadingStore.OpenAsync(path, clock, cancellationToken);
        SnapshotId id = await ChooseAsync(store.Heads, url, at, cancellationToken);
        Snapshot snapshot = await store.Heads.ReadSnapshotAsync(id, cancellationToken) ?? throw new UserErrorException($"the store has no snapshot {id}");
        long objects = await RepositoryExport.WriteAsync(store.Objects, snapshot, directory, cancellationToken);
        terminal.Screen.WriteLine($"{directory}: {snapshot.Branches.Count} refs, {Quantities.Count(objects)} objects, snapshot {id}");
        return ExitCode.AllWell;
    }

    private static async Task<SnapshotId> ChooseAsync(IHeadStore heads, RepositoryUrl url, string? at, CancellationToken cancellationToken)
    {
        RepositoryState state = (await heads.FindAsync([url], cancellationToken))[0] ?? throw new UserErrorException($"{url} was never visited with this store");
        if (at is null)
        {
            return state.Snapshot ?? throw new UserErrorException($"{url} has no heads yet: its last visit ended as '{state.Outcome.ToName()}'");
        }

        SnapshotId? wanted = at.Length >= 40 ? ParseId(at) : null;
        DateTimeOffset time = wanted is null ? ParseTime(at) : DateTimeOffset.MaxValue;
        await foreach (Visit visit in heads.ListVisitsAsync(url, cancellationToken))
        {
            if (visit.Snapshot is { } snapshot && (wanted is null ? visit.StartedAt <= time : snapshot == wanted))
            {
                return snapshot;
            }
        }

        throw new UserErrorException(wanted is null ? $"{url} had no heads at {Quantities.Time(time)}" : $"no visit of {url} saw snapshot {wanted}");
    }

    private static SnapshotId ParseId(string text)
    {
        try
        {
            return SnapshotId.Parse(text);
        }
        catch (FormatException e)
        {
            throw new UserErrorException($"--at: {e.Message}", e);
        }
    }

    private static DateTimeOffset ParseTime(string text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset time)
            ? time
            : throw new UserErrorException($"--at: '{text}' is neither a snapshot id nor a time such as 2026-05-01T12:00:00Z");
}
