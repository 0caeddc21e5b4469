using Actors.Git.Remotes;
using Actors.Sync.ForgeHosts;

namespace Actors.Sync.Tests.Campaigns;

/// <summary>Doors of hosts that let everybody in, but where they are told not to.</summary>
internal sealed class ScriptedDoors : IHostPermits
{
    public Dictionary<ForgeHost, HostAdmission> Refusals { get; } = [];

    /// <summary>Permits that were not given back.</summary>
    public int Out { get; private set; }

    public int Waiting { get; private set; }

    public Task<HostAdmission> EnterAsync(ForgeHost host, CancellationToken cancellationToken)
    {
        if (Refusals.TryGetValue(host, out HostAdmission refusal))
        {
            return Task.FromResult(refusal);
        }

        Out++;
        return Task.FromResult(new HostAdmission(PermitAnswer.Granted, new Permit(this), default));
    }

    public void AddWaiting(ForgeHost host, int more) => Waiting += more;

    private sealed class Permit(ScriptedDoors doors) : IHostPermit
    {
        public void End(HostEvidence? evidence) => doors.Out--;
    }
}
