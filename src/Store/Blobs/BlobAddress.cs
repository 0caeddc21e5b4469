using System.Diagnostics.CodeAnalysis;
using Actors.Store.Blobs.S3;

namespace Actors.Store.Blobs;

/// <summary>
/// Where blobs are, as a person writes it: a directory's path, or <c>s3://bucket/prefix</c>, which may be followed by
/// <c>?endpoint=URL&amp;region=R&amp;style=path|host&amp;anonymous=true&amp;profile=P&amp;encryption=AES256|aws:kms&amp;encryption-key=ID</c>.
/// What is not said there comes from the AWS SDK's usual variables and files; credentials always do.
/// </summary>
public sealed class BlobAddress
{
    private const string S3Scheme = "s3://";

    private readonly S3Location? _bucket;
    private readonly S3Settings _settings;
    private readonly string _text;

    private BlobAddress(string text, S3Location? bucket, S3Settings settings) => (_text, _bucket, _settings) = (text, bucket, settings);

    /// <summary>Whether it is a bucket, not a directory.</summary>
    public bool IsBucket => _bucket is not null;

    /// <summary>The address of a text.</summary>
    /// <exception cref="FormatException">Not such a text. The message does not repeat it: it may hold a secret by mistake.</exception>
    public static BlobAddress Parse(string text) => TryParse(text, out BlobAddress? address, out string? reason) ? address : throw new FormatException(reason);

    /// <summary>Whether a text is an address, or why not.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out BlobAddress? address, [NotNullWhen(false)] out string? reason)
    {
        address = null;
        if (!text.StartsWith(S3Scheme, StringComparison.Ordinal))
        {
            reason = text.Length == 0 || text.Contains("://", StringComparison.Ordinal) || text.Contains('\0', StringComparison.Ordinal)
                ? "Neither a directory nor s3://BUCKET/PREFIX." : null;
            address = reason is null ? new BlobAddress(text, null, new S3Settings()) : null;
            return reason is null;
        }

        int question = text.IndexOf('?', StringComparison.Ordinal);
        if (!S3Location.TryParse(question < 0 ? text : text[..question], out S3Location bucket))
        {
            reason = "Not an S3 location: s3://BUCKET or s3://BUCKET/PREFIX was expected, without keys in it.";
            return false;
        }

        S3Settings settings = new();
        foreach (string pair in question < 0 ? [] : text[(question + 1)..].Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            int equals = pair.IndexOf('=', StringComparison.Ordinal);
            string name = equals < 0 ? pair : pair[..equals];
            if (equals < 0 || With(settings, name, Uri.UnescapeDataString(pair[(equals + 1)..])) is not { } changed)
            {
                reason = $"The location of {bucket} says something else than endpoint=URL, region=R, style=path or host, anonymous=true, profile=P, encryption=AES256 or aws:kms, encryption-key=ID.";
                return false;
            }

            settings = changed;
        }

        address = new BlobAddress(bucket.ToString(), bucket, settings);
        reason = null;
        return true;
    }

    /// <summary>The store. Nothing is asked of a bucket yet; a directory is made.</summary>
    /// <param name="change">The last word about how a bucket is reached: the clock, limits.</param>
    /// <exception cref="BlobStoreException">The directory cannot be made, or the SDK's configuration lacks something.</exception>
    public IBlobStore Open(Func<S3Settings, S3Settings>? change = null) => _bucket is { } bucket
        ? new S3BlobStore(bucket, change is null ? _settings : change(_settings))
        : new DirectoryBlobStore(_text);

    /// <summary>The place without what follows the question mark.</summary>
    public override string ToString() => _text;

    private static S3Settings? With(S3Settings settings, string name, string value) => (name, value) switch
    {
        ("endpoint", _) when EndpointOf(value) is { } endpoint => settings with { Endpoint = endpoint },
        ("region", { Length: > 0 }) => settings with { Region = value },
        ("style", "path" or "host") => settings with { PathStyle = value == "path" },
        ("anonymous", "true" or "false") => settings with { IsAnonymous = value == "true" },
        ("profile", { Length: > 0 }) => settings with { Profile = value },
        ("encryption", "AES256" or "aws:kms" or "aws:kms:dsse") => settings with { Encryption = value },
        ("encryption-key", { Length: > 0 }) => settings with { EncryptionKeyId = value },
        _ => null,
    };

    private static Uri? EndpointOf(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out Uri? uri) && uri.Scheme is "http" or "https" && uri.UserInfo.Length == 0 ? uri : null;
}
