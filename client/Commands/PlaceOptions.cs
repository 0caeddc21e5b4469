using System.CommandLine;
using System.CommandLine.Parsing;
using Actors.Web.Clients;

namespace Actors.Client.Commands;

/// <summary>Where a command works: on a store (<c>--store</c>), or on a cluster or other server (<c>--cluster</c>).</summary>
internal sealed class PlaceOptions
{
    private const string ClusterVariable = "ACTORS_CLUSTER";
    private const string TokenVariable = "ACTORS_TOKEN";
    private const string TokenFileVariable = "ACTORS_TOKEN_FILE";
    private readonly Option<string> _store = SharedOptions.Store();
    private readonly Option<string?> _cluster = new("--cluster")
    {
        HelpName = "URL",
        Description = $"Let the servers at this address do it, instead of this process. {ClusterVariable} names a default.",
    };

    private readonly Option<string?> _tokenFile = new("--token-file")
    {
        HelpName = "FILE",
        Description = $"File with the token for --cluster. Without it {TokenVariable} has the token, or {TokenFileVariable} names the file.",
    };

    /// <summary>Adds the options to a command that may do either.</summary>
    public void AddTo(Command command)
    {
        command.Options.Add(_store);
        AddClusterTo(command);
    }

    /// <summary>Adds the options to a command that only a cluster can do.</summary>
    public void AddClusterTo(Command command)
    {
        command.Options.Add(_cluster);
        command.Options.Add(_tokenFile);
    }

    /// <summary>The store, where it is not a cluster.</summary>
    public string StoreOf(ParseResult parsed) => parsed.GetRequiredValue(_store);

    /// <summary>The cluster; null: a store.</summary>
    /// <exception cref="UserErrorException">Both are given, or the address or the token is not right.</exception>
    public ApiClientOptions? ClusterOf(ParseResult parsed)
    {
        bool storeGiven = parsed.GetResult(_store) is { Implicit: false };
        string? named = parsed.GetValue(_cluster);
        if (named is not null && storeGiven)
        {
            throw new UserErrorException("--store and --cluster are two places: give one. A cluster has a store of its own.");
        }

        string? address = named ?? (storeGiven ? null : Environment.GetEnvironmentVariable(ClusterVariable));
        return string.IsNullOrEmpty(address) ? null : Open(address, named is not null ? "--cluster" : ClusterVariable, parsed.GetValue(_tokenFile));
    }

    /// <summary>The cluster, for commands that only it can do.</summary>
    /// <exception cref="UserErrorException">There is none, or it is not right.</exception>
    public ApiClientOptions RequiredClusterOf(ParseResult parsed) =>
        ClusterOf(parsed) ?? throw new UserErrorException($"Which cluster? Give --cluster URL, or set {ClusterVariable}.");

    private static ApiClientOptions Open(string address, string source, string? tokenFile)
    {
        if (!Uri.TryCreate(address, UriKind.Absolute, out Uri? uri) || uri.Scheme is not ("http" or "https") || uri.Query.Length > 0 || uri.Fragment.Length > 0)
        {
            throw new UserErrorException($"{source}: '{address}' is no address of a server, such as https://actors.example.org or http://127.0.0.1:8080");
        }

        return uri.UserInfo.Length == 0
            ? new ApiClientOptions(uri) { Token = TokenOf(tokenFile ?? Environment.GetEnvironmentVariable(TokenFileVariable)) }
            : throw new UserErrorException($"{source}: no credentials in the address: set {TokenVariable}, or give --token-file");
    }

    private static string? TokenOf(string? file)
    {
        string? token;
        try
        {
            token = string.IsNullOrEmpty(file) ? Environment.GetEnvironmentVariable(TokenVariable) : File.ReadAllText(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UserErrorException($"--token-file: cannot read '{file}': {e.Message}", e);
        }

        token = token?.Trim();
        return string.IsNullOrEmpty(token) ? null
            : token.All(c => c is > ' ' and <= '~') ? token
            : throw new UserErrorException("The token is not one word of printable characters: its file has nothing else in it.");
    }
}
