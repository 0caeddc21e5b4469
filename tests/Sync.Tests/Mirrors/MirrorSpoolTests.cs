using Actors.Sync.Mirrors;
using Actors.TestKit;
using Xunit;

namespace Actors.Sync.Tests.Mirrors;

public sealed class MirrorSpoolTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task What_was_spooled_is_removed_whether_the_work_ends_well_or_not()
    {
        using (MirrorSpool spool = new(_folder.FullPath))
        {
            await spool.UseAsync(path => File.WriteAllTextAsync(path, "x").ContinueWith(_ => 0, TaskScheduler.Default), TestContext.Current.CancellationToken);
            await Assert.ThrowsAsync<InvalidOperationException>(() => spool.UseAsync<int>(
                path =>
                {
                    File.WriteAllText(path + ".idx", "x");
                    throw new InvalidOperationException();
                },
                TestContext.Current.CancellationToken));
            Assert.DoesNotContain(Directory.GetFiles(_folder.FullPath, "*", SearchOption.AllDirectories), path => !path.EndsWith(".lock", StringComparison.Ordinal));
        }

        Assert.Empty(Directory.GetFileSystemEntries(_folder.FullPath));
    }

    [Fact]
    public async Task A_second_spool_removes_what_a_killed_one_left_and_nothing_of_one_that_lives()
    {
        _folder.Write("999999-1.lock", "");
        _folder.Write(Path.Combine("999999-1", "1", "spooled"), "left");
        using MirrorSpool living = new(_folder.FullPath);
        Assert.False(Directory.Exists(_folder["999999-1"]));
        await living.UseAsync(
            path =>
            {
                File.WriteAllText(path, "mine");
                using MirrorSpool second = new(_folder.FullPath);
                Assert.Equal("mine", File.ReadAllText(path));
                return Task.FromResult(0);
            },
            TestContext.Current.CancellationToken);
    }
}
