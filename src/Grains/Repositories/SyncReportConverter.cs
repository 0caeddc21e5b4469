using Actors.Sync.Repositories;

namespace Actors.Grains.Repositories;

[RegisterConverter]
internal sealed class SyncReportConverter : IConverter<SyncReport, SyncReportSurrogate>
{
    public SyncReport ConvertFromSurrogate(in SyncReportSurrogate surrogate) => SyncReportJson.Parse(surrogate.Json);

    public SyncReportSurrogate ConvertToSurrogate(in SyncReport value) => new() { Json = SyncReportJson.ToUtf8(value) };
}
