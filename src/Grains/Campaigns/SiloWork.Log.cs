using Microsoft.Extensions.Logging;

namespace Actors.Grains.Campaigns;

public sealed partial class SiloWork
{
    [LoggerMessage(1, LogLevel.Warning, "No chunks could be claimed; tried again soon.")]
    private static partial void LogNotClaimed(ILogger log, Exception failure);

    [LoggerMessage(2, LogLevel.Debug, "Campaign {Campaign}, chunk {Chunk}: {End}.")]
    private static partial void LogChunk(ILogger log, long campaign, int chunk, string end);

    [LoggerMessage(3, LogLevel.Warning, "Campaign {Campaign}, chunk {Chunk}: the work failed for a reason of ours; it comes back when its lease ends.")]
    private static partial void LogChunkFailed(ILogger log, Exception failure, long campaign, int chunk);

    [LoggerMessage(4, LogLevel.Information, "The silo drains: {Chunks} chunks end what runs and are given back.")]
    private static partial void LogDraining(ILogger log, int chunks);
}
