using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Actors.Sync.ForgeHosts;
using Actors.Web.Forges;

namespace Actors.Client.Demos;

/// <summary>The forges of the hostile demo, each with its own vice, their repositories, and what is true of each name.</summary>
internal sealed class HostileNeighbourhood(string folder, int seed, TimeProvider clock) : IAsyncDisposable
{
    private const int Few = 6;

    /// <summary>More than a limited forge answers at once.</summary>
    private const int Many = 16;

    /// <summary>A host that no name server knows (RFC 2606).</summary>
    private const string Nobody = "http://nobody.invalid/lost.git";

    private readonly List<(string Name, string Vice, HostileForge Forge)> _forges = [];
    private readonly Dictionary<string, HostileName> _names = [];
    private readonly X509Certificate2 _certificate = SelfSigned();

    public IReadOnlyList<(string Name, string Vice, HostileForge Forge)> Forges => _forges;

    /// <summary>By URL, in the order of the list.</summary>
    public IReadOnlyCollection<HostileName> Names => _names.Values;

    /// <summary>What is done with each forge: as with a stranger, though all are of this machine; impatient, for this is a demonstration.</summary>
    public HostRuleBook Rules => new(
        _forges.ToDictionary(forge => forge.Forge.Forge.Address.Authority, _ => new HostRules { Silence = TimeSpan.FromSeconds(1) }), new HostRules { Silence = TimeSpan.FromSeconds(1) });

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        RequestLimit limit = new() { RequestsPerSecond = 4, Burst = 6, RefusalsToBan = 4, BanTime = TimeSpan.FromSeconds(3) };
        await AddAsync("strict", Many, "4 requests a second, then 403 as GitHub says it; bans who does not listen", new() { Limit = limit, Accent = ForgeAccent.GitHub }, null, cancellationToken);
        await AddAsync(
            "curt", Few, "2 a second, then an ERR line inside a 200; never says for how long",
            new() { Limit = limit with { RequestsPerSecond = 2, Burst = 5, TellsRetryAfter = false, RefusalsToBan = 0 }, Accent = ForgeAccent.ErrorLine }, null, cancellationToken);
        await AddAsync(
            "sluggish", Few, "answers begin late, stall in the middle of packs, are reset",
            new() { FaultShare = 0.45, SlowTime = TimeSpan.FromSeconds(1), Faults = [ForgeDeed.SlowStart, ForgeDeed.StallInPack, ForgeDeed.ResetInPack, ForgeDeed.Reset] }, null, cancellationToken);
        await AddAsync(
            "liar", Few, "packs with a changed byte, half answers, HTML in place of git, errors",
            new() { FaultShare = 0.5, Faults = [ForgeDeed.BentPack, ForgeDeed.Truncate, ForgeDeed.Garbage, ForgeDeed.ServerError] }, null, cancellationToken);
        await AddAsync("fickle", Few, "renames, deletions, private today, names taken over, rewrites, floods of tags", new(), null, cancellationToken);
        await AddAsync("untrusted", 2, "a certificate that nobody has signed", new(), _certificate, cancellationToken);
        _names[Nobody] = new HostileName(Nobody, "", null);
    }

    /// <summary>What owners and strangers do while nobody looks.</summary>
    public async Task ChangeAsync(CancellationToken cancellationToken)
    {
        HostileForge fickle = _forges.Single(forge => forge.Name == "fickle").Forge;
        string At(int number) => Path.Combine(fickle.Forge.Folder, $"{number}.git");

        // Renamed, and the name stays free; renamed, and the name is taken over by somebody with another history.
        fickle.Rename("0.git", "elsewhere/0.git");
        Tell(fickle, "0.git", Path.Combine(fickle.Forge.Folder, "elsewhere/0.git"), []);
        string[] lost = await LostAsync(At(1), cancellationToken);
        fickle.Rename("1.git", "elsewhere/1.git");
        await HostileRepositories.CreateAsync(At(1), seed + 9_001, cancellationToken);
        fickle.TakeOver("1.git");
        Tell(fickle, "1.git", At(1), lost);

        // Deleted; rewritten; flooded; private.
        lost = await LostAsync(At(2), cancellationToken);
        Directory.Delete(At(2), recursive: true);
        Tell(fickle, "2.git", null, lost);
        lost = await LostAsync(At(3), cancellationToken);
        await HostileRepositories.PushAsync(At(3), seed + 9_003, "main~5", cancellationToken);
        Tell(fickle, "3.git", At(3), lost);
        await HostileRepositories.FloodAsync(At(4), 3_000, cancellationToken);
        fickle.SetPrivate("5.git", true);
        foreach ((_, _, HostileForge forge) in _forges.Where(forge => forge.Forge != fickle))
        {
            await HostileRepositories.PushAsync(Path.Combine(forge.Forge.Folder, "1.git"), seed + 9_004, "main", cancellationToken);
        }
    }

    /// <summary>Nothing goes wrong by chance any more, and what is private is public again. Limits, renames and deletions stay.</summary>
    public void Calm()
    {
        _forges.ForEach(forge => forge.Forge.Script.Healthy = true);
        _forges.Single(forge => forge.Name == "fickle").Forge.SetPrivate("5.git", false);
    }

    /// <summary>The name of the forge that a repository is asked of.</summary>
    public string ForgeOf(string url) => _names[url].Forge is { Length: > 0 } forge ? forge : "nobody";

    public async ValueTask DisposeAsync()
    {
        foreach ((_, _, HostileForge forge) in _forges)
        {
            await forge.DisposeAsync();
        }

        _certificate.Dispose();
    }

    private async Task AddAsync(string name, int repositories, string vice, ForgeScriptOptions script, X509Certificate2? certificate, CancellationToken cancellationToken)
    {
        string served = Path.Combine(folder, name);
        Directory.CreateDirectory(served);
        for (int number = 0; number < repositories; number++)
        {
            string at = Path.Combine(served, $"{number}.git");
            int own = seed + (_forges.Count * 100) + number;
            if (number % 2 == 1)
            {
                await HostileRepositories.ForkAsync(Path.Combine(served, $"{number - 1}.git"), at, own, cancellationToken);
            }
            else
            {
                await HostileRepositories.CreateAsync(at, own, cancellationToken);
            }
        }

        HostileForge forge = await HostileForge.StartAsync(new LocalForgeOptions { Folder = served, Certificate = certificate, Time = clock }, script, seed + _forges.Count, cancellationToken);
        _forges.Add((name, vice, forge));
        for (int number = 0; number < (certificate is null ? repositories : 1); number++)
        {
            string url = forge.Forge.UrlOf($"{number}.git");
            _names[url] = new HostileName(url, name, certificate is null ? Path.Combine(served, $"{number}.git") : null);
        }
    }

    private void Tell(HostileForge forge, string path, string? shows, IReadOnlyList<string> lost) =>
        _names[forge.Forge.UrlOf(path)] = _names[forge.Forge.UrlOf(path)] with { Folder = shows, Lost = lost };

    private static async Task<string[]> LostAsync(string repository, CancellationToken cancellationToken) =>
        [.. (await HostileRepositories.ReadRefsAsync(repository, cancellationToken)).Values.Distinct()];

    private static X509Certificate2 SelfSigned()
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new("CN=localhost", key, HashAlgorithmName.SHA256);
        SubjectAlternativeNameBuilder names = new();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        return request.CreateSelfSigned(DateTimeOffset.UnixEpoch, new DateTimeOffset(2100, 1, 1, 0, 0, 0, TimeSpan.Zero));
    }
}
