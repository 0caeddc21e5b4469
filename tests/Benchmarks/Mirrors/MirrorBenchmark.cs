using System.Globalization;
using Actors.Benchmarks.Measuring;
using Actors.Store.Blobs.S3;
using Actors.TestKit.Git;
using Actors.TestKit.Judges;
using Actors.TestKit.Servers;
using Actors.Web.Forges;

namespace Actors.Benchmarks.Mirrors;

/// <summary>
/// <c>actors mirror</c> beside mirror-git-to-s3 and beside a clone with an upload, from one forge to one S3 service: the first
/// run, and a second in which nothing has changed. Stock git judges our mirror.
/// </summary>
internal sealed class MirrorBenchmark : IAsyncDisposable
{
    public const string Usage = "mirror RIVAL|- OBJECTS CLIENT|- REPOSITORY[+REPOSITORY…]…    RIVAL: folder of mirror_git_to_s3.py, run with repositories of at most so many objects; CLIENT: a published 'actors'; bare repositories, '+' makes one of several";

    private const int Rounds = 3;

    private readonly string _folder = Directory.CreateTempSubdirectory("actors-mirror-").FullName;
    private readonly S3Server _s3;
    private readonly string _bucket;
    private readonly LoadedRival? _rival;

    /// <summary>The rival takes some 10 ms an object: large ones would take half an hour a run.</summary>
    private readonly long _rivalObjectsMax;
    private readonly string[] _client;
    private readonly ResultTable _table;

    private MirrorBenchmark(S3Server s3, string bucket, string rival, long rivalObjectsMax, string client)
    {
        (_s3, _bucket, _rivalObjectsMax) = (s3, bucket, rivalObjectsMax);
        _rival = rival == "-" ? null : new LoadedRival(rival, s3, bucket);
        _client = client == "-" ? ["dotnet", Path.Combine(AppContext.BaseDirectory, "actors.dll")] : [client];
        string how = client == "-" ? "as built" : "published for this platform, as the README says";
        _table = new ResultTable(
            "Mirrors in S3",
            $"`mirror` from git upload-pack to radosgw, all on loopback. Ours is a whole process, {how}; medians of {Rounds} rounds, each with a new store and a new prefix. "
            + "mirror-git-to-s3 (one run each) has no second run that is cheaper: it does everything again. Clone and upload: `git clone --mirror` as a process, then "
            + "pack, idx, packs, refs and HEAD sent by our own warm S3 client, so without any start-up; median. Requests to S3 are counted by a proxy in a further run. "
            + "\"All in one run\": one process over a file of pairs, beside the sums of the others'.",
            ["repository", "objects", "refs", "run", "mirror-git-to-s3", "clone + upload", "ours", "CPU: mirror-git-to-s3", "ours", "memory", "rival / ours", "ours / clone + upload", "S3 requests", "sent"]);
    }

    public static async Task<int> RunAsync(string[] args)
    {
        if (args.Length < 4)
        {
            await Console.Error.WriteLineAsync(Usage);
            return 1;
        }

        S3Server s3 = await S3Server.SharedAsync(why => throw new InvalidOperationException(why));
        string bucket = await s3.MakeBucketAsync();
        await s3.AllowAnonymousReadAsync(bucket);
        await using MirrorBenchmark benchmark = new(s3, bucket, args[0], long.Parse(args[1], CultureInfo.InvariantCulture), args[2]);
        List<MirrorRow> rows = [];
        foreach (string repository in args[3..])
        {
            rows.Add(await benchmark.MeasureAsync(repository));
            await benchmark._table.WriteAsync("mirror.md");
        }

        await benchmark.MeasureTogetherAsync(rows);
        await benchmark._table.WriteAsync("mirror.md");
        return 0;
    }

    public ValueTask DisposeAsync()
    {
        Directory.Delete(_folder, recursive: true);
        return ValueTask.CompletedTask;
    }

    private async Task<MirrorRow> MeasureAsync(string repository)
    {
        MirrorRow row = Prepare(repository);
        await using LocalForge forge = await LocalForge.StartAsync(Path.Combine(_folder, "forge"));
        string url = forge.UrlOf(row.Name);
        List<ProcessFigures> first = [];
        List<ProcessFigures> second = [];
        List<double> clones = [];
        for (int round = 0; round < Rounds; round++)
        {
            string store = Path.Combine(_folder, "store");
            string clone = Path.Combine(_folder, "clone");
            first.Add(await OursAsync(_s3.Endpoint, store, url, $"s3://{_bucket}/ours/{row.Name}/{round}"));
            second.Add(await OursAsync(_s3.Endpoint, store, url, $"s3://{_bucket}/ours/{row.Name}/{round}"));
            await using S3BlobStore target = _s3.Open(_bucket, $"clone/{row.Name}/{round}");
            clones.Add(await CloneAndUpload.RunAsync(url, clone, target));
            Directory.Delete(store, recursive: true);
            Directory.Delete(clone, recursive: true);
        }

        Judge(row, $"{_s3.Endpoint}{_bucket}/ours/{row.Name}/0");
        row = row with
        {
            First = ProcessFigures.Median(first),
            Second = ProcessFigures.Median(second),
            CloneSeconds = clones.Order().ElementAt(Rounds / 2),
            RivalFirst = _rival is not null && row.Objects <= _rivalObjectsMax ? await _rival.RunAsync(url, $"rival/{row.Name}") : null,
            RivalSecond = _rival is not null && row.Objects <= _rivalObjectsMax ? await _rival.RunAsync(url, $"rival/{row.Name}") : null,
        };
        (int Requests, long Bytes)[] counted = await CountAsync(row, url);
        Add(row.Name, row, "first", row.RivalFirst, row.CloneSeconds, row.First, counted[0]);
        Add(row.Name, row, "second", row.RivalSecond, null, row.Second, counted[1]);
        return row;
    }

    /// <summary>A copy with branches and tags only: what all three mirror.</summary>
    private MirrorRow Prepare(string repository)
    {
        string[] parts = repository.Split('+' + Path.DirectorySeparatorChar.ToString());
        string name = string.Join('+', parts.Select(part => Path.GetFileName(Path.GetDirectoryName(Path.GetFullPath("/" + part.TrimStart('/'))))!.Split('+')[^1]));
        GitCommand served = new(Directory.CreateDirectory(Path.Combine(_folder, "forge", name + ".git")).FullName);
        served.Run("init", "-q", "--bare", "--initial-branch=main", ".");
        foreach ((string part, int number) in parts.Select((part, number) => ("/" + part.TrimStart('/'), number)))
        {
            string below = number == 0 ? "" : $"other{number}/";
            served.Run("fetch", "-q", "--no-tags", "file://" + part, $"+refs/heads/*:refs/heads/{below}*", $"+refs/tags/*:refs/tags/{below}*");
            if (number == 0)
            {
                served.Run("symbolic-ref", "HEAD", new GitCommand(part).Run("symbolic-ref", "HEAD"));
            }
        }

        served.Run("repack", "-a", "-d", "-q");
        served.Run("pack-refs", "--all");
        return new MirrorRow
        {
            Name = name,
            Folder = served.Folder,
            Objects = long.Parse(served.Run("rev-list", "--objects", "--all", "--count"), CultureInfo.InvariantCulture),
            Refs = served.Lines("for-each-ref").Length,
        };
    }

    private Task<ProcessFigures> OursAsync(Uri endpoint, string store, params string[] pair) => MeasuredProcess.RunAsync(
    [
        "env", $"AWS_ACCESS_KEY_ID={_s3.AccessKey}", $"AWS_SECRET_ACCESS_KEY={_s3.SecretKey}", $"AWS_REGION={S3Server.Region}", $"AWS_ENDPOINT_URL_S3={endpoint}",
        .. _client, "mirror", .. pair, "--store", store, "--quiet",
    ]);

    private void Judge(MirrorRow row, string url)
    {
        string folder = Path.Combine(_folder, "judged");
        new GitCommand(_folder).Run("clone", "-q", "--mirror", url, folder);
        StoreJudge.AssertSame(new GitCommand(row.Folder), new GitCommand(folder));
        Directory.Delete(folder, recursive: true);
    }

    private async Task<(int Requests, long Bytes)[]> CountAsync(MirrorRow row, string url)
    {
        string store = Path.Combine(_folder, "counted");
        await using S3FaultProxy proxy = await S3FaultProxy.StartAsync(_s3.Endpoint, _ => null);
        List<(int, long)> counted = [];
        for (int run = 0; run < 2; run++)
        {
            int before = proxy.Requests.Count;
            await OursAsync(proxy.Endpoint, store, url, $"s3://{_bucket}/counted/{row.Name}");
            S3Request[] requests = [.. proxy.Requests.Skip(before)];
            counted.Add((requests.Length, requests.Sum(request => request.Headers.ContentLength ?? 0)));
        }

        Directory.Delete(store, recursive: true);
        return [.. counted];
    }

    private async Task MeasureTogetherAsync(List<MirrorRow> rows)
    {
        await using LocalForge forge = await LocalForge.StartAsync(Path.Combine(_folder, "forge"));
        List<ProcessFigures> first = [];
        List<ProcessFigures> second = [];
        for (int round = 0; round < Rounds; round++)
        {
            string store = Path.Combine(_folder, "store");
            string pairs = Path.Combine(_folder, "pairs");
            await File.WriteAllLinesAsync(pairs, rows.Select(row => $"{forge.UrlOf(row.Name)}\ts3://{_bucket}/together/{round}/{row.Name}"));
            first.Add(await OursAsync(_s3.Endpoint, store, "--pairs", pairs));
            second.Add(await OursAsync(_s3.Endpoint, store, "--pairs", pairs));
            Directory.Delete(store, recursive: true);
        }

        // Ours does all of them; the rival's sum has only those that it was run with.
        MirrorRow sum = new() { Name = "all in one run", Folder = "", Objects = rows.Sum(row => row.Objects), Refs = rows.Sum(row => row.Refs) };
        Add("all in one run", sum, "first", Sum(rows.Select(row => row.RivalFirst)), rows.Sum(row => row.CloneSeconds), ProcessFigures.Median(first), null);
        Add("all in one run", sum, "second", Sum(rows.Select(row => row.RivalSecond)), null, ProcessFigures.Median(second), null);
    }

    private static ProcessFigures? Sum(IEnumerable<ProcessFigures?> runs)
    {
        ProcessFigures[] all = [.. runs.OfType<ProcessFigures>()];
        return all.Length == 0 ? null : new ProcessFigures { WallSeconds = all.Sum(run => run.WallSeconds), CpuSeconds = all.Sum(run => run.CpuSeconds) };
    }

    private void Add(string name, MirrorRow row, string run, ProcessFigures? rival, double? clone, ProcessFigures ours, (int Requests, long Bytes)? counted) => _table.Add(
        name, row.Objects.ToString("N0", CultureInfo.InvariantCulture), row.Refs.ToString("N0", CultureInfo.InvariantCulture), run,
        Seconds(rival?.WallSeconds), Seconds(clone), Seconds(ours.WallSeconds), Seconds(rival?.CpuSeconds), Seconds(ours.CpuSeconds),
        string.Create(CultureInfo.InvariantCulture, $"{ours.ResidentBytesMax / 1e6:0} MB"),
        Ratio(rival?.WallSeconds, ours.WallSeconds, "0"), Ratio(ours.WallSeconds, clone, "0.00"),
        counted?.Requests.ToString(CultureInfo.InvariantCulture) ?? "–",
        counted is { } some ? string.Create(CultureInfo.InvariantCulture, $"{some.Bytes / 1e6:0.00} MB") : "–");

    private static string Seconds(double? seconds) => seconds is { } some ? string.Create(CultureInfo.InvariantCulture, $"{some:0.00} s") : "–";

    private static string Ratio(double? over, double? under, string format) =>
        over is { } a && under is { } b ? (a / Math.Max(b, 1e-9)).ToString(format, CultureInfo.InvariantCulture) : "–";
}
