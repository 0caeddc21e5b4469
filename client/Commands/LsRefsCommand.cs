using System.CommandLine;
using System.Globalization;
using Actors.Git.Objects;
using Actors.Git.Refs;
using Actors.Git.Remotes;

namespace Actors.Client.Commands;

/// <summary><c>actors ls-refs</c>: plumbing, one probe without a store, as <c>git ls-remote --symref</c> prints it.</summary>
internal static class LsRefsCommand
{
    public static Command Create(Terminal terminal, TimeProvider clock)
    {
        Argument<RepositoryUrl> url = Arguments.Url();
        Option<RefSelection> refs = SharedOptions.Refs();
        Option<int> repeat = new("--repeat") { HelpName = "N", Description = "Probe so many times, print once: for measuring.", DefaultValueFactory = _ => 1 };
        Command command = new("ls-refs", "Plumbing: probe one repository and print its refs as 'git ls-remote --symref' does. Needs no store.") { url, refs, repeat };
        command.SetAction((parsed, cancellation) =>
            RunAsync(terminal, clock, parsed.GetRequiredValue(url), parsed.GetRequiredValue(refs), parsed.GetValue(repeat), cancellation));
        return command;
    }

    private static async Task<int> RunAsync(Terminal terminal, TimeProvider clock, RepositoryUrl url, RefSelection refs, int repeat, CancellationToken cancellationToken)
    {
        await using GitClient client = WireClient.Create(clock);
        ProbeReply reply = await client.ProbeAsync(url, refs, cancellationToken);
        for (int i = 1; i < repeat && reply.Failure is null; i++)
        {
            reply = await client.ProbeAsync(url, refs, cancellationToken);
        }

        if (reply.Failure is { } failure)
        {
            throw new UserErrorException($"{url}: {failure.Message}");
        }

        if (reply.MovedTo is { } target)
        {
            terminal.Error.WriteLine($"moved to {target}");
        }

        Print(terminal.Lines, reply.ReadRefs());
        await terminal.Lines.FlushAsync(cancellationToken);
        return ExitCode.AllWell;
    }

    private static void Print(TextWriter lines, RefAdvertisement advertisement)
    {
        foreach ((RefName name, string oid) in advertisement.Sha256Tips)
        {
            lines.WriteLine($"{oid}\t{name}");
        }

        foreach (RefTip tip in advertisement.Tips)
        {
            if (tip.SymrefTarget is { } symref)
            {
                lines.WriteLine($"ref: {symref}\t{tip.Name}");
            }

            if (tip.Oid != Oid.Zero)
            {
                lines.WriteLine($"{tip.Oid}\t{tip.Name}");
            }

            if (tip.Peeled is { } peeled)
            {
                lines.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{peeled}\t{tip.Name}^{{}}"));
            }
        }

        if (advertisement.UnbornHeadTarget is { } unborn)
        {
            lines.WriteLine($"ref: {unborn}\tHEAD (unborn)");
        }
    }
}
