using Xunit;

namespace Actors.Client.Tests.Commands;

public sealed class UsageTests
{
    [Theory]
    [InlineData("sync", "--jobs")]
    [InlineData("mirror", "--pairs")]
    [InlineData("heads", "--format")]
    [InlineData("log", "URL")]
    [InlineData("export", "--at")]
    [InlineData("cat", "--batch")]
    [InlineData("demo", "--keep")]
    public async Task Help_names_what_a_command_takes(string command, string word)
    {
        CommandRun run = await CommandRun.OfAsync("", command, "--help");

        Assert.Equal(0, run.Code);
        Assert.Contains(word, run.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("'0' is not a number", "sync", "x", "--jobs", "0")]
    [InlineData("'fast' is not a rate", "sync", "x", "--rate", "fast")]
    [InlineData("'1 day' is not a time", "sync", "x", "--max-age", "1 day")]
    [InlineData("'main' is not a ref pattern", "sync", "x", "--refs", "main")]
    [InlineData("names a remote helper", "ls-refs", "ext::sh")]
    [InlineData("Give one OID, or --batch", "cat")]
    [InlineData("--frobnicate", "status", "--frobnicate")]
    public async Task Wrong_usage_is_told_by_its_value_and_exits_with_1(string told, params string[] arguments)
    {
        CommandRun run = await CommandRun.OfAsync("", arguments);

        Assert.Equal(1, run.Code);
        Assert.Contains(told, run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task All_commands_are_listed_and_each_is_found_by_the_name_that_it_has()
    {
        string[] names = [.. ActorsCommand.Commands.Select(one => one.Name)];
        using Terminal terminal = Terminal.Over(Stream.Null, Stream.Null, TextWriter.Null);

        Assert.Equal(names, ActorsCommand.Commands.Select(one => one.Create(terminal, TimeProvider.System).Name));
        CommandRun help = await CommandRun.OfAsync("", "--help");
        Assert.All(names, name => Assert.Contains($"  {name} ", help.Text, StringComparison.Ordinal));
        Assert.Contains("index-pack", (await CommandRun.OfAsync("", "index-pakc")).Error + (await CommandRun.OfAsync("", "index-pakc")).Text, StringComparison.Ordinal);
    }
}
