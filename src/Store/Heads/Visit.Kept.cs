namespace Actors.Store.Heads;

public sealed partial record Visit
{
    /// <summary>Refuses what no sync can mean, before anything of its batch is written.</summary>
    /// <exception cref="ArgumentException">A default URL, an unknown outcome, new heads from a visit that failed, or heads that do not have their id.</exception>
    internal void Check()
    {
        if (Url == default || !Enum.IsDefined(Outcome))
        {
            throw new ArgumentException("A visit has a URL and one of the known outcomes.");
        }

        if (NewSnapshot is not null && !Outcome.BringsHeads())
        {
            throw new ArgumentException($"A visit that ended '{Outcome.ToName()}' cannot have new heads.");
        }

        if (NewSnapshot is not null && Heads.Snapshot.ComputeId(NewSnapshot.Branches) != NewSnapshot.Id)
        {
            throw new ArgumentException($"The new heads do not have the id {NewSnapshot.Id}: make them by Snapshot.Create.");
        }
    }

    /// <summary>This visit as it is read back: numbered, with the heads after it, times in whole milliseconds, the error cut.</summary>
    internal Visit Kept(long number, SnapshotId? heads) => this with
    {
        Number = number,
        StartedAt = HeadTime.Kept(StartedAt),
        RetryAt = HeadTime.Kept(RetryAt),
        NewSnapshot = null,
        Digest = default,
        Snapshot = heads,
        Error = Cut(Error),
    };

    private static string? Cut(string? error)
    {
        if (string.IsNullOrEmpty(error) || error.Length <= Limits.VisitErrorCharsMax)
        {
            return string.IsNullOrEmpty(error) ? null : error;
        }

        // Half of a surrogate pair is no character.
        int end = char.IsHighSurrogate(error[Limits.VisitErrorCharsMax - 1]) ? Limits.VisitErrorCharsMax - 1 : Limits.VisitErrorCharsMax;
        return error[..end];
    }
}
