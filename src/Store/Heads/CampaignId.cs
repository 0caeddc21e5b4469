using System.Globalization;

namespace Actors.Store.Heads;

/// <summary>A campaign's number, from 1 up; 0 is "none".</summary>
public readonly record struct CampaignId(long Number)
{
    /// <summary>Parses a positive decimal number.</summary>
    /// <exception cref="FormatException">Anything else.</exception>
    public static CampaignId Parse(string text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long number) && number > 0
            ? new CampaignId(number)
            : throw new FormatException($"'{text}' is not a campaign number.");

    public override string ToString() => Number.ToString(CultureInfo.InvariantCulture);
}
