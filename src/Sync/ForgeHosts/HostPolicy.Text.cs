using System.Globalization;

namespace Actors.Sync.ForgeHosts;

internal sealed partial class HostPolicy
{
    /// <summary>
    /// What outlives a run, beside <see cref="SilentUntil"/>: <c>1 allowed=4 step=2 down=0</c> (format, concurrency, throttlings
    /// in a row, whether the host counted as down); null where there is nothing to remember.
    /// </summary>
    public string? ToText() =>
        Allowed == _limits.Concurrency && _silenceStep == 0 && !_broken
            ? null
            : string.Create(CultureInfo.InvariantCulture, $"1 allowed={Allowed} step={_silenceStep} down={(_broken ? 1 : 0)}");

    /// <summary>
    /// Goes on where an earlier run ended. A text that this version does not know is forgotten: it costs a few answers to
    /// learn again. A host that was down begins with one canary, at once.
    /// </summary>
    public void Restore(string? text, long silentUntil)
    {
        SilentUntil = silentUntil;
        _throttledAt = 0;
        if (text is null || text.Split(' ') is not ["1", var allowed, var step, var down]
            || !TryField(allowed, "allowed=", out int permits) || !TryField(step, "step=", out int steps) || !TryField(down, "down=", out int broken))
        {
            return;
        }

        Allowed = Math.Clamp(permits, 1, _limits.Concurrency);
        _silenceStep = Math.Clamp(steps, 0, SilenceStepMax);
        _broken = broken == 1;
    }

    private static bool TryField(string field, string name, out int value)
    {
        value = 0;
        return field.StartsWith(name, StringComparison.Ordinal)
            && int.TryParse(field.AsSpan(name.Length), NumberStyles.None, CultureInfo.InvariantCulture, out value);
    }
}
