namespace Actors.Sync.Campaigns;

/// <summary>Whether a repository of the list is to be visited now.</summary>
internal enum Admission : byte
{
    Visit,

    /// <summary>This run of the campaign has visited it already.</summary>
    Duplicate,

    /// <summary>The campaign visited it before it was resumed.</summary>
    DoneBefore,

    /// <summary>Its last success is young enough.</summary>
    Young,

    /// <summary>Gone or refused, again and again over weeks: looked at once a month.</summary>
    Parked,

    /// <summary>An earlier visit said not to come before a later time.</summary>
    NotYet,
}
