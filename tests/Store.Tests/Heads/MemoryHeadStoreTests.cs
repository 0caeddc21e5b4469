using Actors.Store.Heads;

namespace Actors.Store.Tests.Heads;

public sealed class MemoryHeadStoreTests : HeadStoreConformance
{
    protected override IHeadStore Store { get; } = new MemoryHeadStore();

    public override ValueTask DisposeAsync() => Store.DisposeAsync();

    protected override ValueTask ReopenAsync() => ValueTask.CompletedTask;
}
