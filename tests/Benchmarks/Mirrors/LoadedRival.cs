using Actors.Benchmarks.Measuring;
using Actors.TestKit.Servers;

namespace Actors.Benchmarks.Mirrors;

/// <summary>mirror-git-to-s3, from a folder that holds its one file, on the system's Python: none of it is ours.</summary>
internal sealed class LoadedRival(string folder, S3Server s3, string bucket)
{
    private const string Program =
        "import sys, boto3; sys.path.insert(0, sys.argv[1]); import mirror_git_to_s3 as m; "
        + "m.mirror_repos([(sys.argv[6], sys.argv[7])], get_s3_client=lambda: boto3.client('s3', endpoint_url=sys.argv[2], "
        + "aws_access_key_id=sys.argv[3], aws_secret_access_key=sys.argv[4], region_name=sys.argv[5]))";

    /// <summary>One run of it, as a process.</summary>
    public Task<ProcessFigures> RunAsync(string url, string prefix) => MeasuredProcess.RunAsync(
        "/usr/bin/python3", "-c", Program, folder, s3.Endpoint.ToString(), s3.AccessKey, s3.SecretKey, S3Server.Region, url, $"s3://{bucket}/{prefix}");
}
