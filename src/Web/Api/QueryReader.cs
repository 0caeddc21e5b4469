using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace Actors.Web.Api;

/// <summary>Parameters of a query, strictly: each known, each once, each in its range.</summary>
internal readonly struct QueryReader
{
    private readonly IQueryCollection _query;

    public QueryReader(IQueryCollection query, ReadOnlySpan<string> known)
    {
        _query = query;
        foreach ((string name, Microsoft.Extensions.Primitives.StringValues values) in query)
        {
            if (!known.Contains(name))
            {
                throw RequestRefusedException.Bad(name, $"There is no parameter '{name}' here. {(known.IsEmpty ? "None is taken." : $"Known: {string.Join(", ", known)}.")}");
            }

            if (values.Count != 1)
            {
                throw RequestRefusedException.Bad(name, $"The parameter '{name}' is there {values.Count} times: once is right.");
            }
        }
    }

    public string? Text(string name) => _query.TryGetValue(name, out Microsoft.Extensions.Primitives.StringValues value) ? value.ToString() : null;

    public long Number(string name, long otherwise, long min, long max) => Text(name) is not { } text ? otherwise
        : long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number) && number >= min && number <= max ? number
        : throw RequestRefusedException.Bad(name, $"'{name}' is a whole number from {min} to {max}.");

    public bool Truth(string name, bool otherwise) => Text(name) switch
    {
        null => otherwise,
        "true" or "1" => true,
        "false" or "0" => false,
        _ => throw RequestRefusedException.Bad(name, $"'{name}' is true or false."),
    };

    /// <summary>A value that one of our strict parsers reads.</summary>
    public T Parsed<T>(string name, Func<string, T> parse, T otherwise)
    {
        try
        {
            return Text(name) is { } text ? parse(text) : otherwise;
        }
        catch (FormatException e)
        {
            throw RequestRefusedException.Bad(name, e.Message);
        }
    }
}
