namespace Actors.Store.Tests.Objects;

/// <summary>Ends a store's work at a chosen step as a kill would: from then on no further step is done, cleaning up included.</summary>
internal sealed class StepCrash(int number)
{
    private int _left = number;
    private bool _isDead;

    /// <summary>Steps that were done, by name, the fatal one last.</summary>
    public List<string> Steps { get; } = [];

    public bool IsDead => _isDead;

    public void Step(string name)
    {
        lock (Steps)
        {
            if (!_isDead)
            {
                Steps.Add(name);
                _isDead = --_left == 0;
            }

            if (_isDead)
            {
                throw new Killed(name);
            }
        }
    }

    public sealed class Killed(string step) : Exception(step);
}
