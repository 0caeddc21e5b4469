using System.Text;

namespace Actors.Silo.Settings;

internal sealed partial record SiloSettings
{
    /// <summary>All settings, in the order of the help.</summary>
    public static IReadOnlyList<SiloSetting> All { get; } =
    [
        new("settings", "FILE", "", "JSON file with any of the settings below."),
        new("heads", "CONNECTION", "", "PostgreSQL: \"Host=db;Database=actors;Username=actors\". Heads, catalogue, campaigns, and the cluster's membership. Needed."),
        new("packs", "PLACE", "", "Where packs go: s3://bucket/prefix?endpoint=…, or a directory that all silos see. Needed."),
        new("cache", "FOLDER", "below the system's temporary folder", "On a local disk: index and packs that are in use. Silos of one machine may share it."),
        new("cacheBytes", "BYTES", "as the store has it", "How much of packs the cache keeps."),
        new("index", "HOST:PORT", "", "Answer for a part of the object index, at this address; without it each silo keeps all of it on its disk."),
        new("clusterName", "NAME", "actors", "Silos of one name and database are one cluster."),
        new("name", "NAME", "machine and port", "This silo's name, for people."),
        new("address", "IP", "127.0.0.1", "Where other silos reach this one."),
        new("siloPort", "PORT", "11111", "Between silos."),
        new("clustering", "KIND", "postgres", "postgres; or alone: one silo by itself, which keeps budgets in memory. For trying out."),
        new("api", "HOST:PORT", "127.0.0.1:8080", "API, dashboard and metrics over HTTP; none: not in this silo."),
        new("metrics", "HOST:PORT", "", "Metrics (and health) at an address of their own."),
        new("orleans", "HOST:PORT", "", "Orleans' own dashboard, at an address of its own. It asks for no token: an inside address."),
        new("tokens", "FILE", "", "Who may use the API: a line each, 'read TOKEN' or 'write TOKEN'. Needed where the API is not on loopback."),
        new("openToNetwork", "true|false", "false", "Serve without tokens on other addresses too."),
        new("hostNames", "A,B", "", "Names under which the API is asked, beside addresses."),
        new("certificate", "FILE", "", "PEM with certificate and key: the API speaks HTTPS."),
        new("siloCertificate", "FILE", "", "PEM with certificate and key: silos speak TLS with each other, and both sides show it."),
        new("siloAuthority", "FILE", "", "PEM of the authority that signed the silos' certificates; without it they must be this very certificate."),
        new("hosts", "FILE", "presets", "What forge hosts are allowed: JSON, see the client's --hosts."),
        new("hostConcurrency", "N", "8", "Syncs at once of one host, over all silos, at most."),
        new("hostRate", "N", "no limit", "Requests a second to one host, over all silos, at most."),
        new("allowPrivate", "true|false", "false", "Visit private addresses, paths and other schemes too: for a network of one's own."),
        new("works", "true|false", "true", "Works campaigns; false: serves the API and owns grains only."),
        new("visits", "N", "256", "Syncs at once in this silo."),
        new("watch", "true|false", "false", "Keep what the store knows, and what is submitted, fresh for ever, together with all silos that are told so."),
        new("visitsADay", "N", "1", "With --watch: visits a day to each repository, on average over all repositories and silos; the same in all silos."),
        new("webhooks", "HOST:PORT", "", "With --watch: receive pushes from GitHub, GitLab, Gitea and Forgejo at http://HOST:PORT/webhooks. Plain HTTP: put a server with a certificate before it."),
        new("webhookSecret", "FILE", "", "File with the secret that forges sign pushes with; needed for --webhooks."),
        new("chunks", "N", "16", "Chunks of campaigns at once in this silo."),
        new("memory", "MB", "no limit", "The heap's limit; packs are held outside of it, bounded by visits."),
        new("drain", "SECONDS", "30", "When told to stop: how long visits may go on before they are cut off."),
        new("log", "LEVEL", "Information", "Trace, Debug, Information, Warning, Error."),
    ];

    public static string Help()
    {
        StringBuilder help = new();
        foreach (SiloSetting setting in All)
        {
            help.Append(System.Globalization.CultureInfo.InvariantCulture, $"  {setting.Option + " " + setting.Value,-30} {setting.Help}");
            help.AppendLine(setting.Default.Length > 0 ? $" [{setting.Default}]" : "");
        }

        return help.ToString();
    }
}
