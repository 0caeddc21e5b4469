namespace Actors.Web;

/// <summary>What a client may ask of our servers at most. Each figure has its reason.</summary>
internal static partial class Limits
{
    /// <summary>50,000 haves are 2.5 MB; twenty times that is no honest fetch.</summary>
    public const long RequestBytesMax = 64L << 20;

    /// <summary><c>Git-Protocol</c> holds <c>version=2</c> and perhaps one or two more short words.</summary>
    public const int ProtocolHeaderCharsMax = 256;

    /// <summary>HTTP/2 streams at once: a client that multiplexes probes over one connection uses 64.</summary>
    public const int StreamsPerConnection = 256;

    /// <summary>A batch of LFS names 100 objects of some 110 bytes; other members and white space have the rest.</summary>
    public const long LfsRequestBytesMax = 1 << 20;

    /// <summary>Objects of one LFS batch that are looked for at once: hides the store's time to answer, and one client does not take all its connections.</summary>
    public const int LfsLookUpsAtOnce = 16;
}
