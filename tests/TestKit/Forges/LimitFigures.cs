namespace Actors.TestKit.Forges;

/// <summary>What came of requests to a limited forge.</summary>
/// <param name="Answered">Requests answered.</param>
/// <param name="Refused">Requests refused.</param>
/// <param name="Bans">Bans begun.</param>
/// <param name="Goodput">Answered requests, by what the limit's rate alone allows in the time.</param>
public sealed record LimitFigures(long Answered, long Refused, long Bans, double Goodput)
{
    /// <summary>Of all requests.</summary>
    public double RefusedShare => Answered + Refused == 0 ? 0 : Refused / (double)(Answered + Refused);
}
