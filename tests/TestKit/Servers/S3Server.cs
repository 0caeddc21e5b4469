using System.Diagnostics;
using System.Globalization;
using Actors.Store.Blobs.S3;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using S3Location = Actors.Store.Blobs.S3.S3Location;

namespace Actors.TestKit.Servers;

/// <summary>
/// A real S3 service on the loopback address: Ceph's radosgw, started by <c>tests/s3-server/start.sh</c> once for the process that asks
/// first, ended with it, however that ends. With <c>ACTORS_TEST_S3="ENDPOINT ACCESSKEY SECRETKEY"</c> one that runs already is used.
/// </summary>
#pragma warning disable CA1001 // It lives as long as the process.
public sealed class S3Server
#pragma warning restore CA1001
{
    private static readonly Lazy<Task<S3Server>> Shared = new(StartAsync);
    private static int _buckets;

    private readonly AmazonS3Client _client;

    private S3Server(Uri endpoint, string accessKey, string secretKey)
    {
        (Endpoint, AccessKey, SecretKey) = (endpoint, accessKey, secretKey);
        _client = new AmazonS3Client(new BasicAWSCredentials(accessKey, secretKey), new AmazonS3Config
        {
            ServiceURL = endpoint.ToString(),
            ForcePathStyle = true,
            AuthenticationRegion = Region,
            RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED,
        });
    }

    /// <summary>The region that requests are signed for.</summary>
    public static string Region => "us-east-1";

    /// <summary>Without a bucket; buckets are in the path.</summary>
    public Uri Endpoint { get; }

    /// <summary>Of the one account.</summary>
    public string AccessKey { get; }

    /// <summary>Of the one account.</summary>
    public string SecretKey { get; }

    /// <summary>For a store on this service; retries come quickly.</summary>
    public S3Settings Settings => new()
    {
        Endpoint = Endpoint,
        Region = Region,
        PathStyle = true,
        Credentials = new S3Credentials(AccessKey, SecretKey),
        RetryDelay = TimeSpan.FromMilliseconds(5),
    };

    /// <summary>The process's server, started now if it was not; skips the test where it cannot run.</summary>
    public static async Task<S3Server> SharedAsync(Action<string> skip)
    {
        try
        {
            return await Shared.Value.ConfigureAwait(false);
        }
        catch (InvalidOperationException e)
        {
            skip($"No S3 service to test against: {e.Message}");
            throw;
        }
    }

    /// <summary>An empty bucket with a name of its own.</summary>
    public async Task<string> MakeBucketAsync()
    {
        string name = string.Create(CultureInfo.InvariantCulture, $"b{Environment.ProcessId}-{Interlocked.Increment(ref _buckets)}-{Random.Shared.Next():x}");
        await _client.PutBucketAsync(name).ConfigureAwait(false);
        return name;
    }

    /// <summary>A store on a prefix of a bucket.</summary>
    public S3BlobStore Open(string bucket, string prefix = "", Func<S3Settings, S3Settings>? change = null) =>
        new(S3Location.Parse(prefix.Length == 0 ? $"s3://{bucket}" : $"s3://{bucket}/{prefix}"), change is null ? Settings : change(Settings));

    /// <summary>Lets everybody read the bucket's objects and, unless told otherwise, list them: without that, missing keys are 403.</summary>
    public Task AllowAnonymousReadAsync(string bucket, bool list = true) => SetPolicyAsync(bucket, list
        ? $$"""{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":["s3:GetObject","s3:ListBucket"],"Resource":["arn:aws:s3:::{{bucket}}","arn:aws:s3:::{{bucket}}/*"]}]}"""
        : $$"""{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::{{bucket}}/*"}]}""");

    /// <summary>Refuses writes of keys that begin so, also to the owner.</summary>
    public Task RefusePutsAsync(string bucket, string keyPrefix) => SetPolicyAsync(bucket,
        $$"""{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Principal":"*","Action":"s3:PutObject","Resource":"arn:aws:s3:::{{bucket}}/{{keyPrefix}}*"}]}""");

    /// <summary>Any bucket policy.</summary>
    public Task SetPolicyAsync(string bucket, string policy) => _client.PutBucketPolicyAsync(new PutBucketPolicyRequest { BucketName = bucket, Policy = policy });

    /// <summary>Uploads of the bucket that were begun and neither completed nor aborted.</summary>
    public async Task<int> CountUploadsAsync(string bucket) =>
        (await _client.ListMultipartUploadsAsync(new ListMultipartUploadsRequest { BucketName = bucket }).ConfigureAwait(false)).MultipartUploads?.Count ?? 0;

    /// <summary>Begins an upload that nobody will complete.</summary>
    public async Task BeginUploadAsync(string bucket, string key) =>
        await _client.InitiateMultipartUploadAsync(new InitiateMultipartUploadRequest { BucketName = bucket, Key = key }).ConfigureAwait(false);

    private static async Task<S3Server> StartAsync()
    {
        if (Environment.GetEnvironmentVariable("ACTORS_TEST_S3") is { Length: > 0 } running)
        {
            return Parse("S3 " + running) ?? throw new InvalidOperationException("ACTORS_TEST_S3 must be ENDPOINT ACCESSKEY SECRETKEY.");
        }

        string script = SourceTree.PathOf("tests", "s3-server", "start.sh");
        if (!OperatingSystem.IsLinux())
        {
            throw new InvalidOperationException("Ceph's daemons run on Linux.");
        }

        string folder = Directory.CreateTempSubdirectory("actors-s3-").FullName;
        ProcessStartInfo start = new(script) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        start.ArgumentList.Add(folder);
        // It ends with the other end of its input: when we close it, or are no more.
        start.ArgumentList.Add("--until-eof");
        Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string? line = await process.StandardOutput.ReadLineAsync().ConfigureAwait(false);
        if (Parse(line) is not { } server)
        {
            await process.WaitForExitAsync().ConfigureAwait(false);
            string said = (await errors.ConfigureAwait(false)).Trim();
            throw new InvalidOperationException(said.Length > 0 ? said.Split('\n')[^1] : "tests/s3-server/start.sh failed without a word.");
        }

        AppDomain.CurrentDomain.ProcessExit += (_, _) =>
        {
            process.StandardInput.Close();
            process.WaitForExit(TimeSpan.FromSeconds(10));
        };
        return server;
    }

    private static S3Server? Parse(string? line) =>
        line?.Split(' ') is ["S3", var endpoint, var accessKey, var secretKey] ? new S3Server(new Uri(endpoint), accessKey, secretKey) : null;
}
