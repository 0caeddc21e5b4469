namespace Actors.TestKit.Schedules;

/// <summary>One modelled repository: its changes, drawn as time goes by from a seed of its own, and what visits have not seen of them.</summary>
internal sealed class ChangingRepository
{
    private const double ActiveDays = 30, QuietDays = 90, ActiveTimes = 3.4, QuietTimes = 0.2;

    private readonly double _rate;
    private readonly double _endsAt;
    private ulong _state;
    private bool _active;
    private double _phaseEndsAt;
    private double _next;

    public ChangingRepository(ChangeModelOptions options, int number)
    {
        _state = options.Seed * 0x9E3779B97F4A7C15 + (ulong)number * 0xD1B54A32D192ED03;
        double normal = Math.Sqrt(-2 * Math.Log(Draw())) * Math.Cos(2 * Math.PI * Draw());
        _rate = Math.Min(options.RateMax, Math.Exp(normal * options.Spread) / options.MedianGapDays);
        _endsAt = Draw() < options.EndingShare ? Draw() * options.Days : double.PositiveInfinity;
        BeganAt = Draw() < options.NewShare ? Draw() * options.Days : 0;
        IsListed = Draw() < options.ListedShare;
        _active = Draw() < ActiveDays / (ActiveDays + QuietDays);
        _phaseEndsAt = -Math.Log(Draw()) * (_active ? ActiveDays : QuietDays);
        _next = After(0);
        while (_next < BeganAt)
        {
            _next = After(_next);
        }

        // What is new is unseen from its first day, with all that is in it.
        (UnseenSince, UnseenChanges, UnseenTimes) = BeganAt > 0 ? (BeganAt, 1, BeganAt) : (double.NaN, 0, 0);
        UpdatedAt = BeganAt;
    }

    public double BeganAt { get; }

    public bool IsListed { get; }

    /// <summary>The last change until the day that it was advanced to.</summary>
    public double UpdatedAt { get; private set; }

    /// <summary>The first change that no visit has seen, or not a number.</summary>
    public double UnseenSince { get; private set; }

    public int UnseenChanges { get; private set; }

    /// <summary>Sum of their days.</summary>
    public double UnseenTimes { get; private set; }

    /// <summary>Lets it change until a day.</summary>
    public void Advance(double day)
    {
        while (_next <= day)
        {
            UnseenSince = double.IsNaN(UnseenSince) ? _next : UnseenSince;
            UnseenChanges++;
            UnseenTimes += _next;
            UpdatedAt = _next;
            _next = After(_next);
        }
    }

    public void See() => (UnseenSince, UnseenChanges, UnseenTimes) = (double.NaN, 0, 0);

    private double After(double day)
    {
        while (true)
        {
            double next = day - (Math.Log(Draw()) / (_rate * (_active ? ActiveTimes : QuietTimes)));
            if (next <= _phaseEndsAt || _phaseEndsAt > _endsAt)
            {
                return next < _endsAt ? next : double.PositiveInfinity;
            }

            day = _phaseEndsAt;
            _active = !_active;
            _phaseEndsAt += -Math.Log(Draw()) * (_active ? ActiveDays : QuietDays);
        }
    }

    /// <summary>Over (0, 1]: SplitMix64, so that a repository's changes are the same whatever visits it.</summary>
    private double Draw()
    {
        ulong z = _state += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return (((z ^ (z >> 31)) >> 11) + 1) * (1.0 / (1UL << 53));
    }
}
