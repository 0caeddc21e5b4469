namespace Actors.Sync.ForgeHosts;

/// <summary>
/// All that a <see cref="HostPolicy"/> knows, as a value: given to a new policy it goes on exactly there. Times are UTC ticks,
/// rates requests a second. Fields are only added.
/// </summary>
public record struct HostPolicyState
{
    /// <summary>Permits out.</summary>
    public int Running { get; set; }

    /// <summary>Permits that may be out.</summary>
    public int Allowed { get; set; }

    /// <summary>Where <see cref="Allowed"/> quickly returns to after trouble.</summary>
    public int AllowedGoal { get; set; }

    /// <summary>Clean answers towards the next permit.</summary>
    public int Answers { get; set; }

    /// <summary>Requests a second now, at <see cref="RateAt"/>.</summary>
    public double Rate { get; set; }

    public long RateAt { get; set; }

    /// <summary>The rate that the host was found to bear; 0: not found yet, it still doubles.</summary>
    public double Goal { get; set; }

    /// <summary>The lowest rate that it was found not to bear; 0: none yet.</summary>
    public double Ceiling { get; set; }

    /// <summary>The last goal that was held without a refusal; 0: none, or it was refuted.</summary>
    public double Borne { get; set; }

    /// <summary>Not above <see cref="Goal"/> before this time.</summary>
    public long HoldUntil { get; set; }

    /// <summary>How long the goal is held next time.</summary>
    public long HoldTicks { get; set; }

    /// <summary>Requests that may be sent at once, at <see cref="TokensAt"/>; below zero: a sync made more than one.</summary>
    public double Tokens { get; set; }

    public long TokensAt { get; set; }

    /// <summary>Requests a second of late, falling off over two seconds, at <see cref="PaceAt"/>.</summary>
    public double Pace { get; set; }

    public long PaceAt { get; set; }

    /// <summary>Since when <see cref="Measured"/> counts: the last throttling, when the host's own bucket was empty; 0: there was none.</summary>
    public long MeasuredFrom { get; set; }

    /// <summary>Requests answered since.</summary>
    public long Measured { get; set; }

    /// <summary>Tokens since that nobody used: then the measure says less than the host bears.</summary>
    public double Unused { get; set; }

    /// <summary>The measure before, and the seconds that it took.</summary>
    public long MeasuredBefore { get; set; }

    public double SecondsBefore { get; set; }

    public long SilentUntil { get; set; }

    /// <summary>When the last throttling came.</summary>
    public long ThrottledAt { get; set; }

    /// <summary>Refusals of one wave: of what was under way together.</summary>
    public int WaveRow { get; set; }

    /// <summary>Throttlings in a row.</summary>
    public int SilenceStep { get; set; }

    /// <summary>Clean answers since the last throttling.</summary>
    public int AnswersSinceThrottled { get; set; }

    /// <summary>After a silence: one canary at a time until one is answered.</summary>
    public bool HalfOpen { get; set; }

    /// <summary>When the canary out was begun; 0: none is out.</summary>
    public long CanaryBegunAt { get; set; }

    /// <summary>Known repositories refused in a row.</summary>
    public int RefusedRow { get; set; }

    /// <summary>Repositories never seen refused in a row: who knows whether it is them.</summary>
    public int DoubtRow { get; set; }

    public int UnreachableRow { get; set; }

    /// <summary>Counts as down: one canary at a time.</summary>
    public bool Broken { get; set; }

    public int CanariesFailed { get; set; }

    /// <summary>While down: when the next canary may go.</summary>
    public long CanaryAt { get; set; }

    /// <summary>Milliseconds to the first answer, falling off over eight answers; 0: none yet.</summary>
    public double LatencyMs { get; set; }

    /// <summary>The quickest of late.</summary>
    public double LatencyFloorMs { get; set; }

    /// <summary>Not lowered for slowness again before this time.</summary>
    public long SlowedUntil { get; set; }

    /// <summary>Requests left in the window that the host told of, until <see cref="WindowEndsAt"/>.</summary>
    public long WindowLeft { get; set; }

    public long WindowEndsAt { get; set; }

    /// <summary>Answers that asked for patience.</summary>
    public long ThrottledCount { get; set; }

    /// <summary>Counts changes worth saving.</summary>
    public int Version { get; set; }
}
