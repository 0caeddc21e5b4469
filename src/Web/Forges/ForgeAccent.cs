namespace Actors.Web.Forges;

/// <summary>How a forge says that requests are too many.</summary>
public enum ForgeAccent
{
    /// <summary>429, <c>Retry-After</c> in seconds.</summary>
    Seconds,

    /// <summary>429, <c>Retry-After</c> as a date.</summary>
    Date,

    /// <summary>As GitHub does: 403 with <c>X-RateLimit-*</c>; a ban is a bare 401.</summary>
    GitHub,

    /// <summary>As GitLab does: 429 with <c>RateLimit-*</c>; a ban is a bare 403.</summary>
    GitLab,

    /// <summary>200, and an <c>ERR</c> pkt-line in it.</summary>
    ErrorLine,

    /// <summary>429 and not a word more.</summary>
    Silent,
}
