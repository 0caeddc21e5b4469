namespace Actors.Benchmarks.Clusters;

/// <summary>
/// Kills silos by chance as a campaign goes on, evenly over its list, and lets new ones join. One that ended because the others declared it dead is
/// followed by another, as systemd or Kubernetes would see to.
/// </summary>
internal sealed class Disturbance(ClusterBed bed, int repositories, int kills, int joins, int seed)
{
    private readonly Random _random = new(seed);

    public int Killed { get; private set; }

    public int Joined { get; private set; }

    /// <summary>Silos that the others declared dead, each followed by another.</summary>
    public int Replaced { get; private set; }

    /// <summary>Acts when it is time; called again and again with what is done.</summary>
    public Task ActAsync(long done)
    {
        double share = (double)done / repositories;
        if (share * (kills + 1) >= Killed + 1 && Killed < kills)
        {
            SiloProcess[] alive = [.. bed.Silos.Where(silo => silo.IsAlive)];
            alive[_random.Next(alive.Length)].Kill();
            Killed++;
        }

        if (share * (joins + 1) >= Joined + 1 && Joined < joins)
        {
            _ = bed.Start();
            Joined++;
        }

        for (; Replaced < bed.CheckSilos(); Replaced++)
        {
            _ = bed.Start();
        }

        return Task.CompletedTask;
    }
}
