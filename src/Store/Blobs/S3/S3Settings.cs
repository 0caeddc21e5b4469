namespace Actors.Store.Blobs.S3;

/// <summary>
/// How a bucket is reached. What is null here is looked for where every AWS SDK looks: <c>AWS_ENDPOINT_URL_S3</c>,
/// <c>AWS_ENDPOINT_URL</c>, <c>AWS_REGION</c>, the profile of <c>AWS_PROFILE</c>, and for credentials the environment, profiles, web
/// identities, containers and instances.
/// </summary>
public sealed record S3Settings
{
    /// <summary>An S3-compatible service, by its address without a bucket.</summary>
    public Uri? Endpoint { get; init; }

    /// <summary>Signed into each request; <c>us-east-1</c> where an endpoint is set and nothing says otherwise.</summary>
    public string? Region { get; init; }

    /// <summary>Whether the bucket is named in the path, not the host. Null: with an endpoint of its own yes, with Amazon's no.</summary>
    public bool? PathStyle { get; init; }

    /// <summary>A profile of the shared configuration files, in place of <c>AWS_PROFILE</c>.</summary>
    public string? Profile { get; init; }

    /// <summary>Asks without credentials, for what a bucket's policy lets everybody read.</summary>
    public bool IsAnonymous { get; init; }

    /// <summary>In place of the SDK's chain.</summary>
    public S3Credentials? Credentials { get; init; }

    /// <summary>Server-side encryption that each write asks for: <c>AES256</c>, <c>aws:kms</c> or <c>aws:kms:dsse</c>. Null: the bucket's default.</summary>
    public string? Encryption { get; init; }

    /// <summary>The key for <c>aws:kms</c>, by id or ARN; null: the account's own.</summary>
    public string? EncryptionKeyId { get; init; }

    /// <summary>Blobs longer than this go up in parts: a shorter one, of which the end is lost, is sent again in seconds, and costs one request.</summary>
    public long SinglePutBytesMax { get; init; } = 128L << 20;

    /// <summary>Bytes of a part; more where a blob would have more than 10,000 parts. Five MiB is S3's least.</summary>
    public int PartBytes { get; init; } = 32 << 20;

    /// <summary>Parts of one blob on their way at once.</summary>
    public int PartsAtOnce { get; init; } = 4;

    /// <summary>Connections to the service.</summary>
    public int ConnectionsMax { get; init; } = 64;

    /// <summary>How long the service may take to answer, and to send the next bytes; what moves many bytes at once has their time beside it.</summary>
    public TimeSpan AnswerTimeMax { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Bytes a second that an upload or a ranged read must make, or it is begun anew: a tenth of a slow line's.</summary>
    public int BytesPerSecondMin { get; init; } = 64 << 10;

    /// <summary>How often a call is made again after it failed in a way that may pass.</summary>
    public int RetriesMax { get; init; } = 8;

    /// <summary>Before the first retry, about; then twice as long each time, with chance, up to 20 seconds.</summary>
    public TimeSpan RetryDelay { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>Times the waits.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>A number from 0 to 1 for each wait's share of chance; null: the system's.</summary>
    public Func<double>? Chance { get; init; }
}
