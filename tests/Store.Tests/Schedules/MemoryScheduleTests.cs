using Actors.Store.Heads;

namespace Actors.Store.Tests.Schedules;

public sealed class MemoryScheduleTests : ScheduleStoreConformance
{
    protected override IHeadStore Heads { get; } = new MemoryHeadStore();

    public override ValueTask DisposeAsync() => Heads.DisposeAsync();

    protected override ValueTask ReopenAsync() => ValueTask.CompletedTask;
}
