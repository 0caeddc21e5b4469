using Actors.Store.Blobs;
using Actors.Store.Blobs.S3;
using Actors.TestKit.Clocks;
using Actors.TestKit.Servers;
using Xunit;

namespace Actors.Store.Tests.Blobs;

/// <summary>Every call of the S3 store against a real service behind a proxy that spoils requests.</summary>
public sealed class S3FaultTests : IAsyncLifetime
{
    private static readonly CancellationToken None = CancellationToken.None;

    private readonly ManualTimeProvider _clock = new();
    private S3Server _server = null!;
    private string _bucket = "";
    private S3FaultProxy? _proxy;

    public static TheoryData<string> PassingFaults => ["Reset", "SlowDown", "InternalError", "Unheard", "Hang", "Cut"];

    public async ValueTask InitializeAsync()
    {
        _server = await S3Server.SharedAsync(Assert.Skip);
        _bucket = await _server.MakeBucketAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_proxy is not null)
        {
            await _proxy.DisposeAsync();
        }
    }

    [Theory]
    [MemberData(nameof(PassingFaults))]
    public async Task Each_call_survives_a_fault_that_passes(string fault)
    {
        bool isArmed = false;
        int spoiled = 0;
        await using S3BlobStore store = await OpenAsync(_ =>
        {
            if (!isArmed)
            {
                return null;
            }

            isArmed = false;
            spoiled++;
            return FaultOf(fault);
        });

        byte[] small = BytesOf(70_000);
        byte[] large = BytesOf(6 << 20);
        await ArmedAsync(async () => Assert.True(await PutAsync(store, "absent", small, BlobPutOptions.Absent)));
        await ArmedAsync(async () => Assert.False(await PutAsync(store, "absent", large[..99], BlobPutOptions.Absent)));
        await ArmedAsync(async () => Assert.True(await PutAsync(store, "replace", small, BlobPutOptions.Replace)));
        await ArmedAsync(async () => Assert.True(await PutAsync(store, "large", large, BlobPutOptions.Absent)));
        await ArmedAsync(async () => Assert.Equal(70_000, (await store.FindAsync(BlobKey.Parse("absent"), None))!.Value.Length));
        await ArmedAsync(async () => Assert.Null(await store.FindAsync(BlobKey.Parse("none"), None)));
        await ArmedAsync(async () =>
        {
            byte[] read = new byte[60_000];
            Assert.Equal(60_000, await store.ReadAsync(BlobKey.Parse("absent"), 5000, read, None));
            Assert.Equal(small[5000..65_000], read);
        });
        await ArmedAsync(async () => Assert.Equal(large, await ReadStreamAsync(store, "large")));
        await ArmedAsync(async () => Assert.Equal(["absent", "large", "replace"], await ListAsync(store)));
        await ArmedAsync(() => store.DeleteAsync([BlobKey.Parse("absent"), BlobKey.Parse("replace")], None));
        await ArmedAsync(() => store.DeleteAsync([BlobKey.Parse("large")], None));
        await _server.BeginUploadAsync(_bucket, "p/left");
        await ArmedAsync(async () => Assert.InRange(await store.AbortUploadsAsync(DateTimeOffset.UtcNow.AddDays(1), None), 1, 2));
        Assert.Empty(await ListAsync(store));
        Assert.Equal(12, spoiled);

        async Task ArmedAsync(Func<Task> act)
        {
            isArmed = true;
            await act();
            Assert.False(isArmed);
        }
    }

    [Theory]
    [InlineData("PUT", "")]
    [InlineData("POST", "?uploads")]
    [InlineData("PUT", "?partNumber=1&")]
    [InlineData("PUT", "?partNumber=2&")]
    [InlineData("POST", "?uploadId=")]
    [InlineData("HEAD", "")]
    public async Task Each_step_of_a_write_survives_each_fault(string method, string query)
    {
        // Only a POST has an answer whose body can be cut.
        foreach (string fault in PassingFaults.Select(row => row.Data).Where(name => name != "Cut" || method == "POST"))
        {
            await using S3BlobStore store = await OpenAsync(S3FaultProxy.First(Is, FaultOf(fault), FaultOf(fault)));
            // A HEAD comes with uploads in parts only.
            byte[] bytes = BytesOf(method == "PUT" && query.Length == 0 ? 1000 : 11 << 20);
            Assert.True(await PutAsync(store, fault, bytes, BlobPutOptions.Absent), fault);
            Assert.Equal(bytes, await ReadStreamAsync(store, fault));
            Assert.True(_proxy!.Requests.Count(Is) >= 2, $"{fault} was not met: {string.Join(", ", _proxy.Requests)}");
            await _proxy.DisposeAsync();
        }

        bool Is(S3Request request) => request.Method == method && (query.Length == 0 ? request.Query.Length == 0 : request.Query.StartsWith(query, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Anothers_blob_is_not_taken_for_our_own_unheard_success()
    {
        // The first attempt is lost before it is heard; another writes meanwhile, the same length; the second attempt meets it.
        await using S3BlobStore direct = _server.Open(_bucket, "p");
        Task? other = null;
        await using S3BlobStore store = await OpenAsync(request =>
        {
            if (request.Method != "PUT" || other is not null)
            {
                return null;
            }

            other = direct.PutAsync(BlobKey.Parse("a"), new MemoryStream([4, 5, 6]), BlobPutOptions.Absent, None);
            other.Wait();
            return S3Fault.Reset;
        });
        Assert.False(await PutAsync(store, "a", [1, 2, 3], BlobPutOptions.Absent));
        Assert.Equal([4, 5, 6], await ReadStreamAsync(store, "a"));
    }

    [Fact]
    public async Task A_stream_that_is_cut_again_and_again_goes_on_where_it_was()
    {
        byte[] bytes = BytesOf(400_000);
        int cuts = 0;
        await using S3BlobStore store = await OpenAsync(request => request.Method == "GET" && cuts++ < 6 ? S3Fault.Cut(50_001) : null);
        await PutAsync(store, "a", bytes, BlobPutOptions.Absent);
        Assert.Equal(bytes, await ReadStreamAsync(store, "a"));
        S3Request[] reads = [.. _proxy!.Requests.Where(request => request.Method == "GET")];
        Assert.Equal(7, reads.Length);
        Assert.Equal(["", .. Enumerable.Range(1, 6).Select(i => $"bytes={i * 50_001}-399999")], reads.Select(request => request.Headers.Range.ToString()));
    }

    [Fact]
    public async Task A_stream_does_not_go_on_in_another_blob()
    {
        await using S3BlobStore direct = _server.Open(_bucket, "p");
        bool isCut = false;
        await using S3BlobStore store = await OpenAsync(request => request.Method == "GET" && !isCut && (isCut = true) ? S3Fault.Cut(50_000) : null);
        await PutAsync(store, "a", BytesOf(400_000), BlobPutOptions.Replace);
        await using Stream stream = (await store.OpenAsync(BlobKey.Parse("a"), 0, None))!;
        await stream.ReadExactlyAsync(new byte[50_000]);
        await direct.PutAsync(BlobKey.Parse("a"), new MemoryStream(BytesOf(400_000, 2)), BlobPutOptions.Replace, None);
        BlobStoreException changed = await Assert.ThrowsAsync<BlobStoreException>(() => stream.ReadExactlyAsync(new byte[50_000]).AsTask());
        Assert.Contains("replaced or removed", changed.Message, StringComparison.Ordinal);
        Assert.False(changed.IsTransient);
    }

    [Fact]
    public async Task A_service_that_stays_down_is_a_passing_failure_after_all_retries()
    {
        await using S3BlobStore store = await OpenAsync(_ => S3Fault.SlowDown);
        BlobStoreException down = await Assert.ThrowsAsync<BlobStoreException>(() => PutAsync(store, "a", [1], BlobPutOptions.Absent));
        Assert.True(down.IsTransient);
        Assert.Equal($"s3://{_bucket}/p: PUT a: 503 SlowDown", down.Message);
        Assert.Equal(1 + 4, _proxy!.Requests.Count);
    }

    [Fact]
    public async Task A_host_that_is_not_there_is_a_passing_failure()
    {
        await using S3BlobStore store = await OpenAsync(_ => null);
        await _proxy!.DisposeAsync();
        BlobStoreException down = await Assert.ThrowsAsync<BlobStoreException>(() => store.FindAsync(BlobKey.Parse("a"), None));
        Assert.True(down.IsTransient);
        _proxy = null;
    }

    [Fact]
    public async Task What_is_refused_is_asked_once()
    {
        await using S3BlobStore store = await OpenAsync(_ => new S3Fault(S3FaultKind.Answer, 403, "AccessDenied"));
        Assert.False((await Assert.ThrowsAsync<BlobStoreException>(() => PutAsync(store, "a", [1], BlobPutOptions.Absent))).IsTransient);
        Assert.Single(_proxy!.Requests);
    }

    [Fact]
    public async Task Requests_are_few_and_plain()
    {
        await using S3BlobStore store = await OpenAsync(_ => null);
        await PutAsync(store, "a", BytesOf(100_000), BlobPutOptions.Absent);
        await ReadStreamAsync(store, "a");
        await ListAsync(store);
        await store.DeleteAsync([BlobKey.Parse("a"), BlobKey.Parse("b")], None);
        await PutAsync(store, "large", BytesOf(11 << 20), BlobPutOptions.Absent);
        string path = $"/{_bucket}/p";
        Assert.Equal(
            [
                $"PUT {path}/a", $"GET {path}/a", $"GET /{_bucket}", $"POST /{_bucket}",
                $"HEAD {path}/large", $"POST {path}/large", $"PUT {path}/large", $"PUT {path}/large", $"PUT {path}/large", $"POST {path}/large", $"HEAD {path}/large",
            ],
            _proxy!.Requests.Select(request => $"{request.Method} {request.Path.TrimEnd('/')}"));
        Assert.All(_proxy.Requests, request =>
        {
            Assert.DoesNotContain("aws-chunked", request.Headers.ContentEncoding.ToString(), StringComparison.Ordinal);
            Assert.Equal("", request.Headers["x-amz-trailer"].ToString());
            Assert.DoesNotContain("STREAMING", request.Headers["x-amz-content-sha256"].ToString(), StringComparison.Ordinal);
            Assert.DoesNotContain(request.Headers.Keys, name => name.StartsWith("x-amz-checksum", StringComparison.OrdinalIgnoreCase) && request.Method == "PUT");
        });
        Assert.All(_proxy.Requests.Where(request => request.Method == "PUT"), request => Assert.NotEqual("", request.Headers.ContentMD5.ToString()));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Random_faults_change_no_result(int seed)
    {
        await using S3BlobStore store = await OpenAsync(
            S3FaultProxy.BySeed(seed, 0.25, S3Fault.Reset, S3Fault.SlowDown, S3Fault.Unheard, S3Fault.InternalError, S3Fault.Cut(100)),
            settings => settings with { RetriesMax = 30 });
        SortedDictionary<string, byte[]> model = new(StringComparer.Ordinal);
        Random random = new(seed);
        for (int step = 0; step < 60; step++)
        {
            string key = $"k{random.Next(6)}";
            byte[] bytes = BytesOf(random.Next(20_000), step);
            switch (random.Next(4))
            {
                case 0:
                    Assert.Equal(!model.ContainsKey(key), await PutAsync(store, key, bytes, BlobPutOptions.Absent));
                    model.TryAdd(key, bytes);
                    break;
                case 1:
                    Assert.True(await PutAsync(store, key, bytes, BlobPutOptions.Replace));
                    model[key] = bytes;
                    break;
                case 2:
                    await store.DeleteAsync([BlobKey.Parse(key), BlobKey.Parse("k0")], None);
                    model.Remove(key);
                    model.Remove("k0");
                    break;
                default:
                    byte[] buffer = new byte[20_000];
                    int read = await store.ReadAsync(BlobKey.Parse(key), 0, buffer, None);
                    Assert.Equal(model.TryGetValue(key, out byte[]? expected) ? expected.Length : -1, read);
                    Assert.Equal(expected ?? [], buffer[..Math.Max(0, read)]);
                    break;
            }
        }

        Assert.Equal(model.Keys, await ListAsync(store));
        foreach ((string key, byte[] bytes) in model)
        {
            Assert.Equal(bytes, await ReadStreamAsync(store, key));
        }
    }

    private async Task<S3BlobStore> OpenAsync(Func<S3Request, S3Fault?> script, Func<S3Settings, S3Settings>? change = null)
    {
        _proxy = await S3FaultProxy.StartAsync(_server.Endpoint, request =>
        {
            S3Fault? fault = script(request);
            if (fault == S3Fault.Hang)
            {
                // Whoever waits for an answer gives up now.
                _clock.Advance(TimeSpan.FromDays(1));
            }

            return fault;
        });
        S3Settings settings = _server.Settings with
        {
            Endpoint = _proxy.Endpoint,
            RetriesMax = 4,
            RetryDelay = TimeSpan.Zero,
            Clock = _clock,
            SinglePutBytesMax = 1 << 20,
            PartBytes = 5 << 20,
        };
        return new S3BlobStore(S3Location.Parse($"s3://{_bucket}/p"), change is null ? settings : change(settings));
    }

    private static S3Fault FaultOf(string name) => name switch
    {
        "Reset" => S3Fault.Reset,
        "SlowDown" => S3Fault.SlowDown,
        "InternalError" => S3Fault.InternalError,
        "Unheard" => S3Fault.Unheard,
        "Hang" => S3Fault.Hang,
        _ => S3Fault.Cut(10),
    };

    private static byte[] BytesOf(int length, int seed = 1)
    {
        byte[] bytes = new byte[length];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }

    private static Task<bool> PutAsync(S3BlobStore store, string key, byte[] bytes, BlobPutOptions options) =>
        store.PutAsync(BlobKey.Parse(key), new MemoryStream(bytes), options, None);

    private static async Task<byte[]> ReadStreamAsync(S3BlobStore store, string key)
    {
        await using Stream stream = (await store.OpenAsync(BlobKey.Parse(key), 0, None))!;
        MemoryStream all = new();
        await stream.CopyToAsync(all);
        return all.ToArray();
    }

    private static async Task<List<string>> ListAsync(S3BlobStore store)
    {
        List<string> keys = [];
        await foreach (BlobProperties blob in store.ListAsync("", None))
        {
            keys.Add(blob.Key.ToString());
        }

        return keys;
    }
}
