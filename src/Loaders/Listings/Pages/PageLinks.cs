namespace Actors.Loaders.Listings.Pages;

/// <summary>The <c>Link</c> header (RFC 8288, section 3): addresses in angle brackets, each with parameters, one of which is its relation.</summary>
internal static class PageLinks
{
    /// <summary>The address of the link with <c>rel="next"</c>, as it is written; null: there is none.</summary>
    public static string? Next(string? header)
    {
        ReadOnlySpan<char> rest = header;
        while (rest.IndexOf('<') is >= 0 and var open)
        {
            rest = rest[(open + 1)..];
            int close = rest.IndexOf('>');
            if (close < 0)
            {
                return null;
            }

            ReadOnlySpan<char> address = rest[..close].Trim();
            rest = rest[(close + 1)..];
            int end = EndOfParameters(rest);
            if (IsNext(rest[..end]))
            {
                return address.ToString();
            }

            rest = rest[end..];
        }

        return null;
    }

    /// <summary>Up to the comma before the next link; commas in quotes are a parameter's own.</summary>
    private static int EndOfParameters(ReadOnlySpan<char> parameters)
    {
        bool quoted = false;
        for (int i = 0; i < parameters.Length; i++)
        {
            quoted ^= parameters[i] == '"';
            if (parameters[i] == ',' && !quoted)
            {
                return i;
            }
        }

        return parameters.Length;
    }

    /// <summary>Relation types are separated by spaces and compared without regard to case.</summary>
    private static bool IsNext(ReadOnlySpan<char> parameters)
    {
        foreach (Range range in parameters.Split(';'))
        {
            ReadOnlySpan<char> parameter = parameters[range].Trim();
            int equals = parameter.IndexOf('=');
            if (equals <= 0 || !parameter[..equals].TrimEnd().Equals("rel", StringComparison.OrdinalIgnoreCase))
            {
                continue;
            }

            ReadOnlySpan<char> relations = parameter[(equals + 1)..].Trim().Trim('"');
            foreach (Range word in relations.Split(' '))
            {
                if (relations[word].Equals("next", StringComparison.OrdinalIgnoreCase))
                {
                    return true;
                }
            }
        }

        return false;
    }
}
