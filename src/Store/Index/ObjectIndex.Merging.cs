using Actors.Git.Objects;

namespace Actors.Store.Index;

internal sealed partial class ObjectIndex
{
    /// <summary>Writes full memory tables to runs and merges some runs, if the rule asks for it. To be called after additions, from any thread: they and all look-ups go on meanwhile.</summary>
    /// <returns>False when there was nothing to do.</returns>
    /// <exception cref="InvalidDataException">A run is damaged: <see cref="Clear"/>, and add the packs again.</exception>
    /// <exception cref="OperationCanceledException">Cancelled; nothing changed.</exception>
    public bool MergeStep(CancellationToken cancellationToken)
    {
        bool hasWritten = WriteWaiting();
        bool hasMerged = Merge(runs => IndexRunMerge.CountToMerge([.. runs.Select(run => run.Count)], _options.MergeFactor), cancellationToken);
        lock (_committing)
        {
            return Persist() || hasMerged || hasWritten;
        }
    }

    /// <summary>Flushes, and merges all runs into one (or as few as a run's limit allows).</summary>
    /// <exception cref="InvalidDataException">A run is damaged: <see cref="Clear"/>, and add the packs again.</exception>
    /// <exception cref="OperationCanceledException">Cancelled; what was done stays.</exception>
    public void MergeAll(CancellationToken cancellationToken)
    {
        Flush();
        while (Merge(runs => IndexRunMerge.CountToMerge([.. runs.Select(run => run.Count)], int.MaxValue), cancellationToken))
        {
        }
    }

    private bool Merge(Func<IReadOnlyList<IndexRun>, int> choose, CancellationToken cancellationToken)
    {
        lock (_merging)
        {
            IndexSnapshot<IndexManifest> snapshot;
            List<IndexRun> chosen;
            long sequence;
            lock (_committing)
            {
                RequireWriter();
                snapshot = Enter();
                chosen = [.. snapshot.Runs.OrderBy(run => run.Count)];
                chosen = chosen[..choose(chosen)];
                if (chosen.Count < 2)
                {
                    snapshot.Leave();
                    return false;
                }

                sequence = _nextRun++;
                _numbersInMerge = [.. chosen.SelectMany(run => run.PackNumbers.ToArray()).Select(NumberOf)];
            }

            try
            {
                IndexRun merged = IndexRunMerge.Merge(chosen, NumberOf, RunPath(sequence), sequence, _options, cancellationToken);
                Exchange(chosen, merged);
                return true;
            }
            finally
            {
                _numbersInMerge = [];
                snapshot.Leave();
            }

            long NumberOf(long number) => snapshot.State.Redirects.GetValueOrDefault((int)number, (int)number);
        }
    }

    private void Exchange(List<IndexRun> chosen, IndexRun merged)
    {
        lock (_committing)
        {
            if (_current is null || chosen.Exists(run => !_current.Runs.Contains(run)))
            {
                // Cleared meanwhile.
                merged.RemoveUser();
                RemoveRuns([merged.Sequence]);
                return;
            }

            PublishNew(merged, _current.State, [.. _current.Runs.Except(chosen)], written: null);
            _retired.AddRange(chosen.Select(run => run.Sequence));
            Persist();
        }
    }
}
