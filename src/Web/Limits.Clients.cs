namespace Actors.Web;

/// <content>What a server may cost its client.</content>
internal static partial class Limits
{
    /// <summary>One answer, or one line of a stream: half a million heads of 200 bytes, twice.</summary>
    public const int AnswerBytesMax = 256 << 20;

    /// <summary>A server that is there accepts at once, from anywhere on earth.</summary>
    public static readonly TimeSpan ConnectTimeMax = TimeSpan.FromSeconds(10);

    /// <summary>Longer than the server's own <see cref="RequestTimeMax"/>, so that its sentence arrives.</summary>
    public static readonly TimeSpan AskTimeMax = TimeSpan.FromSeconds(75);

    /// <summary>Four of the server's heartbeats.</summary>
    public static readonly TimeSpan StreamSilenceMax = TimeSpan.FromSeconds(60);

    /// <summary>A server restarts in a second or two.</summary>
    public static readonly TimeSpan ReconnectMin = TimeSpan.FromSeconds(1);

    /// <summary>A person who watches should not wait longer for a server that is back.</summary>
    public static readonly TimeSpan ReconnectMax = TimeSpan.FromSeconds(30);
}
