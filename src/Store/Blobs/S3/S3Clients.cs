using System.Net.Http;
using Amazon.Runtime;
using Amazon.Runtime.CredentialManagement;
using Amazon.S3;

namespace Actors.Store.Blobs.S3;

/// <summary>Makes the SDK's client as S3-compatible services need it.</summary>
internal static class S3Clients
{
    private const string RegionOfOthers = "us-east-1";

    /// <exception cref="BlobStoreException">No region, no such profile.</exception>
    public static AmazonS3Client Create(S3Settings settings, string location)
    {
        try
        {
            AmazonS3Config config = Configure(settings);
            return settings.IsAnonymous ? new AmazonS3Client(new AnonymousAWSCredentials(), config)
                : settings.Credentials is { } credentials ? new AmazonS3Client(credentials.ForSdk(), config)
                : new AmazonS3Client(config);
        }
        catch (AmazonClientException e)
        {
            throw new BlobStoreException($"{location}: {e.Message}", isTransient: false, e);
        }
    }

    private static AmazonS3Config Configure(S3Settings settings)
    {
        AmazonS3Config config = new()
        {
            // Retries are ours (S3Calls): one place, its clock and chance from outside.
            MaxErrorRetry = 0,
            MaxStaleConnectionRetries = 0,
            Timeout = Timeout.InfiniteTimeSpan,
            // The SDK's default sends checksums as trailers of a chunked body, which older radosgw and others refuse; each body has its Content-MD5 instead.
            RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED,
            ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED,
            DisableLogging = true,
            HttpClientFactory = new S3HttpClients(settings),
        };
        if (settings.Profile is { } profile)
        {
            config.Profile = new Amazon.Profile(profile);
        }

        if ((settings.Endpoint?.ToString() ?? EndpointOfEnvironment(settings)) is { } endpoint)
        {
            config.ServiceURL = endpoint;
            config.ForcePathStyle = settings.PathStyle ?? !new Uri(endpoint).Host.EndsWith(".amazonaws.com", StringComparison.OrdinalIgnoreCase);
            config.AuthenticationRegion = settings.Region ?? RegionOfEnvironment() ?? RegionOfOthers;
        }
        else
        {
            config.ForcePathStyle = settings.PathStyle ?? false;
            if (settings.Region is { } region)
            {
                config.RegionEndpoint = Amazon.RegionEndpoint.GetBySystemName(region);
            }
        }

        return config;
    }

    /// <summary>As the SDKs' reference guide orders them ("Service-specific endpoints"). Read here because path style depends on it.</summary>
    private static string? EndpointOfEnvironment(S3Settings settings)
    {
        if (Variable("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS") is { } ignored && ignored.Equals("true", StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        return Variable("AWS_ENDPOINT_URL_S3") ?? Variable("AWS_ENDPOINT_URL")
            ?? (new CredentialProfileStoreChain().TryGetProfile(settings.Profile ?? Variable("AWS_PROFILE") ?? "default", out CredentialProfile profile) ? profile.EndpointUrl : null);
    }

    private static string? RegionOfEnvironment() => Variable("AWS_REGION") ?? Variable("AWS_DEFAULT_REGION");

    private static string? Variable(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;

    /// <summary>Connections of one store: never shared, so that closing a store closes them.</summary>
    private sealed class S3HttpClients(S3Settings settings) : HttpClientFactory
    {
        public override HttpClient CreateHttpClient(IClientConfig clientConfig) => new(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            AutomaticDecompression = System.Net.DecompressionMethods.None,
            ConnectTimeout = settings.AnswerTimeMax,
            MaxConnectionsPerServer = settings.ConnectionsMax,
            PooledConnectionIdleTimeout = TimeSpan.FromSeconds(60),
            PooledConnectionLifetime = TimeSpan.FromMinutes(15),
        })
        {
            Timeout = Timeout.InfiniteTimeSpan,
        };

        // With no name to share them by, the SDK keeps one for each of its clients and disposes it with that.
        public override string? GetConfigUniqueString(IClientConfig clientConfig) => null;
    }
}
