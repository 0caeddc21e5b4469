using System.Text.Json;

namespace Actors.Sync.ForgeHosts;

public sealed partial class HostPolicy
{
    /// <summary>
    /// What outlives a run, beside <see cref="SilentUntil"/>: the state as JSON, without what only a running process means
    /// (permits out, tokens, the pace); null where there is nothing to remember.
    /// </summary>
    public string? ToText() => _state is { Goal: 0, SilenceStep: 0, Broken: false, ThrottledCount: 0 }
        ? null
        : JsonSerializer.Serialize(Kept(_state), HostPolicyJson.Default.HostPolicyState);

    /// <summary>The whole state, for a process that goes on with it while permits are out.</summary>
    public static string Write(HostPolicyState state) => JsonSerializer.Serialize(state, HostPolicyJson.Default.HostPolicyState);

    /// <summary>Reads what <see cref="Write"/> or <see cref="ToText"/> wrote; null: another version's, which is forgotten.</summary>
    public static HostPolicyState? Read(string? text)
    {
        try
        {
            return text is not null && text.StartsWith('{') ? JsonSerializer.Deserialize(text, HostPolicyJson.Default.HostPolicyState) : null;
        }
        catch (JsonException)
        {
            // It costs a few answers to learn again.
            return null;
        }
    }

    /// <summary>Goes on where an earlier run ended. A host that was down begins with one canary, at once.</summary>
    public void Restore(string? text, long silentUntil)
    {
        if (Read(text) is { } kept)
        {
            HostPolicyState first = First();
            _state = Kept(kept) with
            {
                Allowed = Math.Clamp(kept.Allowed, 1, _rules.Concurrency),
                AllowedGoal = Math.Clamp(kept.AllowedGoal, 1, _rules.Concurrency),

                // What was borne then is approached again from its half: others may use the host by now.
                Rate = kept.Goal > 0 ? Math.Min(kept.Goal / 2, _rules.RequestsPerSecond) : first.Rate,
                Goal = kept.Goal > 0 ? Math.Min(kept.Goal, _rules.RequestsPerSecond) : 0,
                SilenceStep = Math.Clamp(kept.SilenceStep, 0, SilenceStepMax),
                HoldTicks = Math.Clamp(kept.HoldTicks, 0, HoldMax),
                Tokens = 1,
            };
        }

        _state.SilentUntil = silentUntil;
    }

    private static HostPolicyState Kept(HostPolicyState state) => state with
    {
        Running = 0,
        Tokens = 0,
        TokensAt = 0,
        RateAt = 0,
        HoldUntil = 0,
        Pace = 0,
        PaceAt = 0,
        Measured = 0,
        MeasuredFrom = 0,
        Unused = 0,
        MeasuredBefore = 0,
        SecondsBefore = 0,
        ThrottledAt = state.ThrottledAt > 0 ? 1 : 0,
        CanaryBegunAt = 0,
        CanaryAt = 0,
        CanariesFailed = 0,
        SlowedUntil = 0,
        LatencyMs = 0,
        SilentUntil = 0,
        RefusedRow = 0,
        DoubtRow = 0,
        UnreachableRow = 0,
        Version = 0,
    };
}
