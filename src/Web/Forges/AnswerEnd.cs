namespace Actors.Web.Forges;

/// <summary>What follows the bytes of a <see cref="CannedAnswer"/>.</summary>
public enum AnswerEnd
{
    /// <summary>The end.</summary>
    Complete,

    /// <summary>Nothing, until the client goes.</summary>
    Stall,

    /// <summary>The connection is reset.</summary>
    Reset,
}
