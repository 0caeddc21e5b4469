namespace Actors.Web;

internal static partial class Limits
{
    /// <summary>A push of thousands of commits is some megabytes. What is larger is found by the next visit.</summary>
    public const long WebhookBytesMax = 8 << 20;

    /// <summary>Messages come one by one, and each may fill memory as far as it may be large.</summary>
    public const int WebhookConnectionsMax = 32;

    /// <summary>Messages of the last hours, 150 bytes each, that are not told twice. A later replay costs one visit, and visits have a least distance.</summary>
    public const int WebhooksRemembered = 10_000;
}
