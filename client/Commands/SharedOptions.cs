using System.CommandLine;
using Actors.Git.Refs;

namespace Actors.Client.Commands;

/// <summary>Options that several commands share, with the same words.</summary>
internal static class SharedOptions
{
    /// <summary><c>--store DIR|FILE</c>, see <see cref="StorePlace"/>.</summary>
    public static Option<string> Store() => new("--store")
    {
        Description = "Folder of the store; or a file of settings of a shared one, {\"heads\": \"Host=…;Database=…\", \"packs\": \"s3://BUCKET/PREFIX\"}. "
            + "ACTORS_STORE names another default, or ACTORS_HEADS and ACTORS_PACKS together a shared store.",
        HelpName = "DIR|FILE",
        DefaultValueFactory = _ => StorePlace.Default(),
    };

    /// <summary><c>--refs default|all|PATTERNS</c>.</summary>
    public static Option<RefSelection> Refs() => new("--refs")
    {
        Description = "Which refs: 'default' (HEAD, branches, tags), 'all' (pull and merge requests too), or patterns such as refs/heads/*,refs/pull/*.",
        HelpName = "default|all|PATTERNS",
        CustomParser = result => Parsed(result, RefSelection.Parse),
        DefaultValueFactory = _ => RefSelection.Default,
    };

    /// <summary>An option whose value one of our own strict parsers reads.</summary>
    public static Option<T> Of<T>(string name, string description, string helpName, Func<string, T> parse, string defaultText) => new(name)
    {
        Description = $"{description} Default: {defaultText}.",
        HelpName = helpName,
        CustomParser = result => Parsed(result, parse),
    };

    /// <summary>Runs a strict parser; its message becomes the usage error.</summary>
    public static T Parsed<T>(System.CommandLine.Parsing.ArgumentResult result, Func<string, T> parse)
    {
        try
        {
            return parse(result.Tokens[0].Value);
        }
        catch (FormatException e)
        {
            result.AddError(e.Message);
            return default!;
        }
    }
}
