namespace Actors.Sync.ForgeHosts;

/// <summary>The right to begin one visit to a forge host. Whoever has it gives it back, once.</summary>
public interface IHostPermit
{
    /// <summary>Gives it back.</summary>
    /// <param name="evidence">What the visit's end says; null: nothing was asked of the host.</param>
    void End(HostEvidence? evidence);
}
