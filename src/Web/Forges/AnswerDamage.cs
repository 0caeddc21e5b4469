namespace Actors.Web.Forges;

/// <summary>What happens in the middle of an answer of git's.</summary>
public enum AnswerDamage
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>One byte is another one.</summary>
    Bend,

    /// <summary>Nothing more comes, until the client goes.</summary>
    Stall,

    /// <summary>The connection is reset.</summary>
    Reset,
}
