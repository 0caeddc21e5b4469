using System.CommandLine;
using System.Globalization;

namespace Actors.Client.Commands;

/// <summary>Options of a watch that <c>watch</c> and <c>serve</c> share, with the same words.</summary>
internal sealed class WatchOptionSet
{
    private readonly Option<string?> _webhooks = new("--webhooks") { HelpName = "ADDRESS:PORT", Description = "Receive pushes from GitHub, GitLab, Gitea and Forgejo at http://ADDRESS:PORT/webhooks. Plain HTTP: put a server with a certificate before it." };
    private readonly Option<string?> _secret = new("--webhook-secret-file") { HelpName = "FILE", Description = "File with the secret that forges sign pushes with; needed for --webhooks." };
    private readonly Option<double> _visits = SharedOptions.Of("--visits", "Visits a day to each repository, on average over all: 1, 0.1.", "N", Parse, "1");

    public void AddTo(Command command)
    {
        command.Options.Add(_webhooks);
        command.Options.Add(_secret);
        command.Options.Add(_visits);
    }

    public string? WebhooksOf(ParseResult parsed) => parsed.GetValue(_webhooks);

    public string? SecretOf(ParseResult parsed) => parsed.GetValue(_secret);

    public double VisitsOf(ParseResult parsed) => parsed.GetValue(_visits) is > 0 and var given ? given : 1;

    /// <summary>One of them is given: then there must be a watch.</summary>
    public bool IsGiven(ParseResult parsed) => parsed.GetResult(_webhooks) is not null || parsed.GetResult(_secret) is not null || parsed.GetResult(_visits) is { Implicit: false };

    private static double Parse(string text) =>
        double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double visits) && visits is > 0.001 and <= 96
            ? visits
            : throw new FormatException($"'{text}' is not a number of visits a day, from 0.002 to 96.");
}
