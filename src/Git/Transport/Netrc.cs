using Actors.Git.Remotes;

namespace Actors.Git.Transport;

/// <summary>A netrc file (netrc(5), as curl reads it for git): <c>machine HOST login NAME password WORD</c>, in any order of lines.</summary>
internal static class Netrc
{
    /// <summary>By host; what cannot be read is none, for nobody is to be told what is in it.</summary>
    public static IReadOnlyDictionary<string, HostCredential> Read(string? path)
    {
        try
        {
            return path is not null && File.Exists(path) && new FileInfo(path).Length <= Limits.NetrcBytesMax
                ? Parse(File.ReadAllText(path))
                : new Dictionary<string, HostCredential>();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new Dictionary<string, HostCredential>();
        }
    }

    /// <summary>Of several entries of one host the first counts, as with curl.</summary>
    public static IReadOnlyDictionary<string, HostCredential> Parse(string text)
    {
        Dictionary<string, HostCredential> found = [];
        string? machine = null, login = null, password = null;
        foreach (string line in text.Split('\n'))
        {
            string[] words = line.Split((char[])[' ', '\t', '\r'], StringSplitOptions.RemoveEmptyEntries);
            for (int i = 0; i < words.Length && words[i][0] != '#'; i++)
            {
                string? value = i + 1 < words.Length ? words[i + 1] : null;
                switch (words[i])
                {
                    case "macdef":
                        Keep();
                        i = words.Length;
                        break;
                    case "default":
                        Keep();
                        break;
                    case "machine" when value is not null:
                        Keep();
                        (machine, i) = (value.ToLowerInvariant(), i + 1);
                        break;
                    case "login" or "account" when value is not null:
                        (login, i) = (words[i] == "login" ? value : login, i + 1);
                        break;
                    case "password" when value is not null:
                        (password, i) = (value, i + 1);
                        break;
                }
            }
        }

        Keep();
        return found;

        void Keep()
        {
            if (machine is not null && !string.IsNullOrEmpty(password))
            {
                found.TryAdd(machine, new HostCredential(login ?? "", password));
            }

            (machine, login, password) = (null, null, null);
        }
    }
}
