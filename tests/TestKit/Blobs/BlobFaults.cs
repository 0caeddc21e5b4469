namespace Actors.TestKit.Blobs;

/// <summary>How often each kind of fault meets a call, as shares from 0 to 1.</summary>
public sealed record BlobFaults
{
    /// <summary>None.</summary>
    public static BlobFaults None { get; } = new();

    /// <summary>Nothing is done; said to be passing.</summary>
    public double Lost { get; init; }

    /// <summary>It is done, and said to have failed in a passing way.</summary>
    public double Unheard { get; init; }

    /// <summary>Nothing is done, and never will be: access denied.</summary>
    public double Refused { get; init; }

    /// <summary>A stream that ends in an exception somewhere.</summary>
    public double Cut { get; init; }

    /// <summary>The call is done later: others go first.</summary>
    public double Late { get; init; }
}
