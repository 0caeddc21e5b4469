using Actors.Git.Refs;

namespace Actors.Git.Remotes;

public sealed partial record ServerProfile
{
    private const int AgentCharsMax = 100;

    /// <summary>One line for storage: <c>v2 sha1 filter shallow wait-for-done unborn agent=git/2.50.0</c>, what is false left out.</summary>
    public override string ToString()
    {
        List<string> words = [$"v{Version}", ObjectFormat == ObjectFormat.Sha256 ? "sha256" : "sha1"];
        Add(Filter, "filter");
        Add(Shallow, "shallow");
        Add(WaitForDone, "wait-for-done");
        Add(Unborn, "unborn");
        Add(Agent is not null, "agent=" + Agent);
        return string.Join(' ', words);

        void Add(bool has, string word)
        {
            if (has)
            {
                words.Add(word);
            }
        }
    }

    /// <summary>Parses what <see cref="ToString"/> wrote.</summary>
    /// <exception cref="FormatException">Anything else.</exception>
    public static ServerProfile Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        string[] words = text.Split(' ');
        ServerProfile profile = words[0] is "v0" or "v1" or "v2" ? new(words[0][1] - '0') : throw Bad(text);
        if (words.Length < 2 || words[1] is not ("sha1" or "sha256"))
        {
            throw Bad(text);
        }

        profile = profile with { ObjectFormat = words[1] == "sha256" ? ObjectFormat.Sha256 : ObjectFormat.Sha1 };
        foreach (string word in words.Skip(2))
        {
            profile = word switch
            {
                "filter" => profile with { Filter = true },
                "shallow" => profile with { Shallow = true },
                "wait-for-done" => profile with { WaitForDone = true },
                "unborn" => profile with { Unborn = true },
                _ when word.StartsWith("agent=", StringComparison.Ordinal) => profile with { Agent = word[6..] },
                _ => throw Bad(text),
            };
        }

        return profile;
    }

    /// <summary>A server's <c>agent</c> as we keep it: printable ASCII without spaces (gitprotocol-capabilities, "agent"), cut.</summary>
    internal static string? CleanAgent(string? agent) => agent is null
        ? null
        : new string([.. agent.Where(c => c is > ' ' and <= '~').Take(AgentCharsMax)]);

    private static FormatException Bad(string text) => new($"'{text}' is not a server profile such as 'v2 sha1 filter agent=git/2.50.0'.");
}
