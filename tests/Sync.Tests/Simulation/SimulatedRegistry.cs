using Actors.Git.Remotes;
using Actors.Sync.Campaigns;
using Actors.TestKit.Clocks;

namespace Actors.Sync.Tests.Simulation;

/// <summary>Who holds which repository of a simulated cluster. What a killed silo held is free when the others have noticed its death.</summary>
internal sealed class SimulatedRegistry(ManualTimeProvider clock, Random random)
{
    private static readonly TimeSpan Noticed = TimeSpan.FromSeconds(20);

    private readonly Dictionary<RepositoryUrl, SimulatedSilo> _owners = [];

    public IRepositoryHolds Of(SimulatedSilo silo) => new SiloHolds(this, silo, random);

    private bool TryTake(RepositoryUrl repository, SimulatedSilo silo)
    {
        if (_owners.TryGetValue(repository, out SimulatedSilo? owner) && !(clock.GetUtcNow() - owner.DiedAt > Noticed))
        {
            return false;
        }

        _owners[repository] = silo;
        return true;
    }

    /// <summary>One silo's.</summary>
    private sealed class SiloHolds(SimulatedRegistry owner, SimulatedSilo silo, Random random) : IRepositoryHolds
    {
        public async Task<IReadOnlyList<bool>> TakeAsync(IReadOnlyList<RepositoryUrl> repositories, CancellationToken cancellationToken)
        {
            // A call that fails may have taken them; then they are given back at once.
            bool fails = random.Next(20) == 0;
            await PauseAsync();
            bool[] taken = [.. repositories.Select(repository => !fails && owner.TryTake(repository, silo))];
            await PauseAsync();
            await silo.AnswerAsync();
            return taken;
        }

        public void Release(RepositoryUrl repository)
        {
            if (!silo.IsDead && !owner._owners.Remove(repository, out SimulatedSilo? holder) | holder != silo)
            {
                throw new InvalidOperationException($"{silo.Name} released {repository}, which it did not hold.");
            }
        }

        private Task PauseAsync() => random.Next(2) == 0 ? Task.CompletedTask : Task.Delay(TimeSpan.FromMilliseconds(random.Next(1, 50)), silo.Clock);
    }
}
