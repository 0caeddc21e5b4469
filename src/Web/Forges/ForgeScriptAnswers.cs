using System.Globalization;

namespace Actors.Web.Forges;

/// <summary>A script's deeds as HTTP answers, for <see cref="ForgeBehaviour.Answer"/>.</summary>
public static class ForgeScriptAnswers
{
    private const string ResultType = "application/x-git-upload-pack-result";

    /// <summary>Damage comes within so many bytes: a probe's answer ends before, most packs are longer.</summary>
    private const int DamageBytesMax = 4_000;

    /// <summary>The answer that the script has for a request; null: git answers.</summary>
    public static CannedAnswer? Answer(this ForgeScript script, ForgeAccent accent, ForgeRequest request, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(script);
        ArgumentNullException.ThrowIfNull(request);
        string repository = request.Repository.EndsWith(".git", StringComparison.Ordinal) ? request.Repository[..^4] : request.Repository;
        ForgeAct act = script.Next(repository, now, IsFetch(request));
        return act.Deed switch
        {
            ForgeDeed.Serve => null,
            ForgeDeed.Throttle => Throttle(accent, act.RetryAfter, now),
            ForgeDeed.Ban => Ban(accent, act.RetryAfter, now),
            ForgeDeed.Gone => CannedAnswer.Of(404, "not found"),
            ForgeDeed.Private => CannedAnswer.Of(401, "credentials, please", ("WWW-Authenticate", "Basic")),
            ForgeDeed.Moved => CannedAnswer.Of(301, "", ("Location", $"/{act.Target}/{request.Endpoint}{request.Query}")),
            ForgeDeed.ServerError => CannedAnswer.Of(500, "oops"),
            ForgeDeed.Garbage => CannedAnswer.Of(200, "<html><body>Maintenance</body></html>", ("Content-Type", ResultType)),
            ForgeDeed.Truncate => CannedAnswer.Of(200, "003d11111111111111111111", ("Content-Type", ResultType)),
            ForgeDeed.Stall => CannedAnswer.Of(200, "", ("Content-Type", ResultType)) with { End = AnswerEnd.Stall },
            ForgeDeed.Reset => CannedAnswer.Of(200, "", ("Content-Type", ResultType)) with { End = AnswerEnd.Reset },
            ForgeDeed.SlowStart => CannedAnswer.Spoilt(new AnswerSpoiling { Delay = act.Delay }),
            ForgeDeed.BentPack => Spoilt(AnswerDamage.Bend, act),
            ForgeDeed.StallInPack => Spoilt(AnswerDamage.Stall, act),
            ForgeDeed.ResetInPack => Spoilt(AnswerDamage.Reset, act),
            _ => throw new ArgumentOutOfRangeException(nameof(script), act.Deed, "A deed without an answer."),
        };
    }

    private static CannedAnswer Spoilt(AnswerDamage damage, ForgeAct act) =>
        CannedAnswer.Spoilt(new AnswerSpoiling { Damage = damage, AtByte = (long)(act.Where * DamageBytesMax) });

    /// <summary>gitprotocol-v2, "fetch"; in v0 whatever is posted.</summary>
    private static bool IsFetch(ForgeRequest request) =>
        request.Endpoint == "git-upload-pack" && request.Body.Span.IndexOf("command=ls-refs"u8) < 0;

    private static CannedAnswer Throttle(ForgeAccent accent, TimeSpan? wait, DateTimeOffset now)
    {
        string seconds = Seconds(wait);
        string epoch = (now + (wait ?? TimeSpan.Zero)).AddMilliseconds(999).ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        return accent switch
        {
            ForgeAccent.Date => CannedAnswer.Of(429, "slow down", ("Retry-After", (now + (wait ?? TimeSpan.Zero)).AddMilliseconds(999).ToString("r", CultureInfo.InvariantCulture))),
            ForgeAccent.GitHub => CannedAnswer.Of(403, "", ("X-RateLimit-Limit", "60"), ("X-RateLimit-Remaining", "0"), ("X-RateLimit-Reset", epoch)),
            ForgeAccent.GitLab => CannedAnswer.Of(429, "Retry later", ("RateLimit-Limit", "60"), ("RateLimit-Remaining", "0"), ("RateLimit-Reset", epoch), ("Retry-After", seconds)),
            ForgeAccent.ErrorLine => Line("ERR upload-pack: temporarily limiting requests from your address"),
            _ => wait is null ? CannedAnswer.Of(429) : CannedAnswer.Of(429, "slow down", ("Retry-After", seconds)),
        };
    }

    private static CannedAnswer Ban(ForgeAccent accent, TimeSpan? wait, DateTimeOffset now) => accent switch
    {
        ForgeAccent.GitHub => CannedAnswer.Of(401),
        ForgeAccent.GitLab => CannedAnswer.Of(403, "Forbidden"),
        _ => Throttle(accent, wait, now),
    };

    private static CannedAnswer Line(string words) =>
        CannedAnswer.Of(200, $"{words.Length + 4:x4}{words}", ("Content-Type", ResultType));

    private static string Seconds(TimeSpan? wait) => Math.Ceiling((wait ?? TimeSpan.Zero).TotalSeconds).ToString(CultureInfo.InvariantCulture);
}
