namespace Actors.Web.Access;

/// <summary>What the bearer of a token may do.</summary>
public enum AccessScope
{
    /// <summary>Nothing: health and the document of the API only.</summary>
    None = 0,

    /// <summary>Look at everything.</summary>
    Read = 1,

    /// <summary>Submit, steer and brake as well.</summary>
    Write = 2,
}
