using System.Globalization;
using Actors.Git.Remotes;

namespace Actors.Store.Heads;

/// <summary>
/// What visits over time say about a repository and one visit cannot: whether it is really gone, and whether it has really
/// moved. A head store keeps it as one text (<see cref="ToText"/>), so that evidence may grow without new columns.
/// </summary>
public sealed record RepositoryEvidence
{
    /// <summary>Refusals that park a repository: with <see cref="AbsenceSpacing"/> between them, over two weeks.</summary>
    public const int AbsencesToPark = 5;

    /// <summary>Sightings of the same new place that make it the address: with <see cref="MoveSpacing"/> between them, over four days.</summary>
    public const int SightingsToMove = 3;

    /// <summary>Refusals closer together than this are one: a forge's bad day, or a campaign that was run three times.</summary>
    public static readonly TimeSpan AbsenceSpacing = TimeSpan.FromDays(3.5);

    /// <summary>Redirects seen closer together than this are one: a forge's mishap is repaired within a day or two.</summary>
    public static readonly TimeSpan MoveSpacing = TimeSpan.FromDays(2);

    /// <summary>Nothing is suspected.</summary>
    public static RepositoryEvidence None { get; } = new();

    /// <summary>Begin of the visit that first found it gone or refused, with nothing since that says otherwise; or null.</summary>
    public DateTimeOffset? AbsentSince { get; init; }

    /// <summary>Confirmations of that, the first included; closer ones are not counted.</summary>
    public int Absences { get; init; }

    /// <summary>Begin of the visit that first was led to <see cref="RepositoryState.MovedTo"/>, or null.</summary>
    public DateTimeOffset? MovedSince { get; init; }

    /// <summary>Confirmations of that, the first included; closer ones are not counted.</summary>
    public int Sightings { get; init; }

    /// <summary>Where it is asked for, once its move is confirmed; null: under its own name. The name stays its URL.</summary>
    public RepositoryUrl? Address { get; init; }

    /// <summary>Absent often enough and long enough: left alone but for a look now and then.</summary>
    public bool IsParked => Absences >= AbsencesToPark;

    /// <summary>Parses what <see cref="ToText"/> wrote; what it does not know is skipped, for a newer program may have written it.</summary>
    public static RepositoryEvidence Parse(string? text)
    {
        RepositoryEvidence evidence = None;
        foreach (string word in text?.Split(' ') ?? [])
        {
            if (word.StartsWith("address=", StringComparison.Ordinal) && RepositoryUrl.TryParse(word[8..], out RepositoryUrl address, out _))
            {
                evidence = evidence with { Address = address };
            }
            else if (TryCount(word, "absent=", out DateTimeOffset absent, out int absences))
            {
                evidence = evidence with { AbsentSince = absent, Absences = absences };
            }
            else if (TryCount(word, "moved=", out DateTimeOffset moved, out int sightings))
            {
                evidence = evidence with { MovedSince = moved, Sightings = sightings };
            }
        }

        return evidence;
    }

    /// <summary><c>absent=MS:COUNT moved=MS:COUNT address=URL</c> (milliseconds since 1970), what there is not left out; null: nothing.</summary>
    public string? ToText()
    {
        List<string> words = [];
        if (AbsentSince is { } absent)
        {
            words.Add(string.Create(CultureInfo.InvariantCulture, $"absent={absent.ToUnixTimeMilliseconds()}:{Absences}"));
        }

        if (MovedSince is { } moved)
        {
            words.Add(string.Create(CultureInfo.InvariantCulture, $"moved={moved.ToUnixTimeMilliseconds()}:{Sightings}"));
        }

        if (Address is { } address)
        {
            words.Add("address=" + address);
        }

        return words.Count == 0 ? null : string.Join(' ', words);
    }

    /// <summary>What is known after <paramref name="visit"/>; <paramref name="movedTo"/>: where earlier visits were led, or null.</summary>
    internal RepositoryEvidence After(Visit visit, RepositoryUrl? movedTo) => visit.Outcome switch
    {
        Outcome.Gone or Outcome.Refused => AfterAbsence(visit.StartedAt),
        _ when visit.Outcome.IsSuccess() => AfterMove(visit, movedTo) with { AbsentSince = null, Absences = 0 },
        // It is there, whatever is wrong with it.
        Outcome.Corrupt or Outcome.OverLimit or Outcome.Unsupported => this with { AbsentSince = null, Absences = 0 },
        // Throttled, unreachable, late, our own failure: says nothing about the repository.
        _ => this,
    };

    private RepositoryEvidence AfterAbsence(DateTimeOffset at)
    {
        // The new place is gone: its name is asked again, and the absence counts from there.
        if (Address is not null)
        {
            return this with { Address = null, MovedSince = null, Sightings = 0 };
        }

        (DateTimeOffset since, int count) = Counted(AbsentSince, Absences, AbsenceSpacing, at);
        return this with { AbsentSince = since, Absences = count };
    }

    private RepositoryEvidence AfterMove(Visit visit, RepositoryUrl? movedTo)
    {
        if (visit.MovedTo is not { } target)
        {
            return this with { MovedSince = null, Sightings = 0, Address = null };
        }

        if (target == Address)
        {
            return this;
        }

        (DateTimeOffset since, int count) = target == movedTo
            ? Counted(MovedSince, Sightings, MoveSpacing, visit.StartedAt)
            : (HeadTime.Kept(visit.StartedAt), 1);
        return this with { MovedSince = since, Sightings = count, Address = count >= SightingsToMove ? target : Address };
    }

    private static (DateTimeOffset Since, int Count) Counted(DateTimeOffset? since, int count, TimeSpan spacing, DateTimeOffset at) =>
        since is not { } first ? (HeadTime.Kept(at), 1)
        : at - first >= spacing * count ? (first, count + 1)
        : (first, count);

    private static bool TryCount(string word, string name, out DateTimeOffset since, out int count)
    {
        since = default;
        count = 0;
        if (!word.StartsWith(name, StringComparison.Ordinal) || word[name.Length..].Split(':') is not [var ms, var times]
            || !long.TryParse(ms, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long milliseconds)
            || milliseconds is < -62_135_596_800_000 or > 253_402_300_799_999
            || !int.TryParse(times, NumberStyles.None, CultureInfo.InvariantCulture, out count))
        {
            return false;
        }

        since = DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);
        return true;
    }
}
