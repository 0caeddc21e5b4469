using System.Diagnostics.CodeAnalysis;

namespace Actors.Store.Blobs.S3;

/// <summary>A bucket and what all keys in it begin with: <c>s3://bucket</c> or <c>s3://bucket/prefix</c>.</summary>
public readonly record struct S3Location
{
    private const string Scheme = "s3://";

    private S3Location(string bucket, string prefix) => (Bucket, Prefix) = (bucket, prefix);

    /// <summary>3 to 63 lower-case letters, digits, dots and hyphens.</summary>
    public string Bucket { get; }

    /// <summary>Empty, or ending with a slash.</summary>
    public string Prefix { get; }

    /// <summary>The location of a text.</summary>
    /// <exception cref="FormatException">Not such a text. The message does not repeat it: it may hold a secret by mistake.</exception>
    public static S3Location Parse(string text) => TryParse(text, out S3Location location)
        ? location
        : throw new FormatException("Not an S3 location: s3://BUCKET or s3://BUCKET/PREFIX was expected, without keys in it.");

    /// <summary>Whether a text is a location.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out S3Location location)
    {
        location = default;
        if (text is null || !text.StartsWith(Scheme, StringComparison.Ordinal))
        {
            return false;
        }

        string rest = text[Scheme.Length..];
        int slash = rest.IndexOf('/', StringComparison.Ordinal);
        string bucket = slash < 0 ? rest : rest[..slash];
        string prefix = slash < 0 ? "" : rest[(slash + 1)..].TrimEnd('/');
        if (!IsBucket(bucket) || (prefix.Length > 0 && !BlobKey.TryParse(prefix, out _)) || prefix.Length > Limits.BlobPrefixCharactersMax)
        {
            return false;
        }

        location = new S3Location(bucket, prefix.Length == 0 ? "" : prefix + "/");
        return true;
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Scheme}{Bucket}{(Prefix is { Length: > 0 } ? "/" + Prefix[..^1] : "")}";

    /// <summary>Bucket naming rules of Amazon S3, general purpose buckets.</summary>
    private static bool IsBucket(string text) =>
        text.Length is >= 3 and <= 63
        && text.All(character => char.IsAsciiLetterLower(character) || char.IsAsciiDigit(character) || character is '.' or '-')
        && char.IsAsciiLetterOrDigit(text[0]) && char.IsAsciiLetterOrDigit(text[^1]) && !text.Contains("..", StringComparison.Ordinal);
}
