namespace Actors.TestKit.Servers;

/// <summary>What <see cref="S3FaultProxy"/> does with a request.</summary>
/// <param name="Kind">Which fault.</param>
/// <param name="Status">Of <see cref="S3FaultKind.Answer"/>.</param>
/// <param name="Code">S3's error code in the body of <see cref="S3FaultKind.Answer"/>.</param>
/// <param name="Bytes">Of the answer's body that come before <see cref="S3FaultKind.Cut"/>.</param>
public sealed record S3Fault(S3FaultKind Kind, int Status = 0, string Code = "", int Bytes = 0)
{
    /// <summary>The connection is closed before the service hears of it.</summary>
    public static S3Fault Reset { get; } = new(S3FaultKind.Reset);

    /// <summary>No answer, until the client gives up.</summary>
    public static S3Fault Hang { get; } = new(S3FaultKind.Hang);

    /// <summary>Done, and the connection closed instead of an answer.</summary>
    public static S3Fault Unheard { get; } = new(S3FaultKind.Unheard);

    /// <summary>Please come more slowly.</summary>
    public static S3Fault SlowDown { get; } = new(S3FaultKind.Answer, 503, "SlowDown");

    /// <summary>The service's own fault.</summary>
    public static S3Fault InternalError { get; } = new(S3FaultKind.Answer, 500, "InternalError");

    /// <summary>The answer ends within its body.</summary>
    public static S3Fault Cut(int bytes) => new(S3FaultKind.Cut, Bytes: bytes);
}
