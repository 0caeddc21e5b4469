using Actors.Git.Remotes;

namespace Actors.Store.Heads.Sqlite;

/// <summary>What is remembered of forge hosts.</summary>
internal sealed class ForgeHostTable(HeadConnection connection)
{
    private readonly Statement _list = connection.Prepare("SELECT host, profile, silent_until, throttling FROM forge_host ORDER BY host");
    private readonly Statement _replace = connection.Prepare("INSERT OR REPLACE INTO forge_host (host, profile, silent_until, throttling) VALUES (?1, ?2, ?3, ?4)");
    private readonly Statement _saveProfile = connection.Prepare(
        "INSERT INTO forge_host (host, profile) VALUES (?1, ?2) ON CONFLICT (host) DO UPDATE SET profile = excluded.profile");

    public List<ForgeHostState> List()
    {
        List<ForgeHostState> hosts = [];
        while (_list.Step())
        {
            hosts.Add(new ForgeHostState(ForgeHost.Parse(_list.Text(0)!), _list.Text(1), HeadTime.FromNumber(_list.NumberOrNull(2)), _list.Text(3)));
        }

        _list.Reset();
        return hosts;
    }

    public void Save(ForgeHostState state) =>
        _replace.Bind(1, state.Host.ToString()).Bind(2, state.Profile).Bind(3, HeadTime.ToNumber(state.SilentUntil)).Bind(4, state.Throttling).Run();

    public void SaveProfiles(IReadOnlyList<(ForgeHost Host, string Profile)> profiles)
    {
        foreach ((ForgeHost host, string profile) in profiles)
        {
            _saveProfile.Bind(1, host.ToString()).Bind(2, profile).Run();
        }
    }
}
