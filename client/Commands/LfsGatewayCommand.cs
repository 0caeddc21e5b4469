using System.CommandLine;
using System.Net;
using Actors.Store.Blobs;
using Actors.Store.Blobs.S3;
using Actors.Web.Lfs;

namespace Actors.Client.Commands;

/// <summary><c>actors lfs-gateway</c>: what a bucket cannot answer for the mirrors in it.</summary>
internal static class LfsGatewayCommand
{
    public static Command Create(Terminal terminal, TimeProvider clock)
    {
        Argument<string> target = new("TARGET") { Description = "Where mirrors are: s3://BUCKET, s3://BUCKET/PREFIX or a directory; one mirror, or many in folders below." };
        Option<string> listen = new("--listen") { HelpName = "ADDRESS:PORT", Description = "Where to listen. Plain HTTP: put a server with a certificate before it.", DefaultValueFactory = _ => "127.0.0.1:8080" };
        Option<bool> through = new("--through") { Description = "Send large files through the gateway. Without it clients get signed addresses of the bucket; from a directory all goes through." };
        Option<string?> bucketUrl = new("--bucket-url") { HelpName = "URL", Description = "Send clients to this public address of TARGET, unsigned." };
        Option<string?> publicUrl = new("--public-url") { HelpName = "URL", Description = "The gateway's own address as clients see it, where it is behind another server." };
        Option<TimeSpan> linkTime = SharedOptions.Of("--link-time", "How long a signed address is good.", "TIME", Quantities.ParseDuration, "1h");
        Command command = new("lfs-gateway", "Answer the batch API of Git LFS, read-only, for mirrors made by 'actors mirror --lfs', and serve their other files too: "
            + "'git clone http://ADDRESS:PORT/MIRROR' finds its large files. Or set lfs.url to http://ADDRESS:PORT/MIRROR/info/lfs in a clone of the bucket. Runs until Ctrl-C.")
        {
            target, listen, through, bucketUrl, publicUrl, linkTime,
        };
        command.SetAction(async (parsed, cancellation) =>
        {
            await using IBlobStore blobs = Open(parsed.GetRequiredValue(target));
            TimeSpan lifetime = parsed.GetResult(linkTime) is null ? TimeSpan.FromHours(1) : parsed.GetValue(linkTime);
            await using LfsGateway gateway = await LfsGateway.StartAsync(
                new LfsGatewayOptions
                {
                    Blobs = blobs,
                    Listen = EndPointOf(parsed.GetRequiredValue(listen)),
                    PublicAddress = AddressOf("--public-url", parsed.GetValue(publicUrl)),
                    Link = AddressOf("--bucket-url", parsed.GetValue(bucketUrl)) is { } bucket ? PlainLinks(bucket)
                        : blobs is S3BlobStore s3 && !parsed.GetValue(through) ? SignedLinks(s3, lifetime, clock)
                        : null,
                },
                cancellation);
            terminal.Error.WriteLine($"Serving the mirrors in {blobs.Location} at {gateway.Address}. Ctrl-C ends it.");
            await Task.Delay(Timeout.InfiniteTimeSpan, clock, cancellation).ContinueWith(_ => { }, TaskScheduler.Default);
            return ExitCode.AllWell;
        });
        return command;
    }

    private static IBlobStore Open(string target)
    {
        if (!BlobAddress.TryParse(target, out BlobAddress? address, out string? reason))
        {
            throw new UserErrorException(reason);
        }

        return address.IsBucket || Directory.Exists(target) ? address.Open() : throw new UserErrorException($"there is no directory '{target}'");
    }

    private static Func<BlobKey, CancellationToken, ValueTask<(Uri, DateTimeOffset?)>> PlainLinks(Uri bucket) =>
        (key, _) => ValueTask.FromResult((new Uri($"{bucket.AbsoluteUri.TrimEnd('/')}/{key}"), (DateTimeOffset?)null));

    private static Func<BlobKey, CancellationToken, ValueTask<(Uri, DateTimeOffset?)>> SignedLinks(S3BlobStore blobs, TimeSpan lifetime, TimeProvider clock) =>
        async (key, _) => (await blobs.LinkAsync(key, lifetime), clock.GetUtcNow() + lifetime);

    private static IPEndPoint EndPointOf(string text) => IPEndPoint.TryParse(text, out IPEndPoint? endpoint) && text.Contains(':', StringComparison.Ordinal)
        ? endpoint
        : throw new UserErrorException($"--listen: '{text}' is not ADDRESS:PORT, as 0.0.0.0:8080 or [::]:8080");

    private static Uri? AddressOf(string option, string? text) => text is null ? null
        : Uri.TryCreate(text, UriKind.Absolute, out Uri? address) && address.Scheme is "http" or "https" ? address
        : throw new UserErrorException($"{option}: '{text}' is no http or https URL");
}
