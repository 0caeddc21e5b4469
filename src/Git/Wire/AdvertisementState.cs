namespace Actors.Git.Wire;

/// <summary>How the framing of an ls-refs reply ends.</summary>
internal enum AdvertisementState
{
    /// <summary>Lines and one flush-pkt, nothing behind it.</summary>
    Complete,

    /// <summary>No byte at all: the server refused something and told only its own log.</summary>
    Empty,

    /// <summary>It ends without flush-pkt.</summary>
    CutOff,

    /// <summary>Not pkt-lines, or none that could be a ref.</summary>
    Odd,

    /// <summary>An error-line.</summary>
    Error,

    /// <summary>More refs than <see cref="Limits.AdvertisedRefsMax"/>.</summary>
    OverLimit,
}
