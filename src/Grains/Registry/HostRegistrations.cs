using Orleans.Runtime;

namespace Actors.Grains.Registry;

/// <summary>
/// The repositories of one host that this silo has. Many are taken and given up with one call to the host's registry, and one call runs
/// at a time, so that the registry hears of a repository in the order in which it happened here. Safe for concurrent calls.
/// </summary>
/// <param name="silo">This one.</param>
/// <param name="exchange">Calls the registry: takes the first, gives up the second.</param>
internal sealed class HostRegistrations(SiloAddress silo, Func<string[], string[], Task<RegistryAnswer>> exchange) : IDisposable
{
    private readonly Lock _gate = new();
    private readonly SemaphoreSlim _calling = new(1);
    private readonly Dictionary<string, Registration> _mine = new(StringComparer.Ordinal);

    /// <summary>Given up here, and the registry may not know yet.</summary>
    private readonly HashSet<string> _given = new(StringComparer.Ordinal);
    private ActivationId _lister;
    private long _listings;

    public void Dispose() => _calling.Dispose();

    /// <summary>
    /// Takes repositories that nobody has, for a chunk; also those that only an activation of this silo has: a visit that runs is joined, and one whose
    /// answer was lost on its way need not be waited for until its activation is collected.
    /// </summary>
    /// <returns>By place: whether it was taken.</returns>
    public async Task<bool[]> HoldAsync(string[] repositories)
    {
        List<string> asked = [];
        HashSet<string> taken = new(StringComparer.Ordinal);
        lock (_gate)
        {
            foreach (string repository in repositories)
            {
                if (_mine.TryAdd(repository, new Registration { IsHeld = true }))
                {
                    asked.Add(repository);
                }
                else if (_mine[repository] is { IsSure: true, IsHeld: false } mine)
                {
                    // What its holder reads of it may be old before the visit.
                    mine.IsHeld = mine.IsTouched = true;
                    taken.Add(repository);
                }
            }
        }

        if (asked.Count > 0)
        {
            try
            {
                SiloAddress?[] owners = await AskAsync([.. asked]);
                taken.UnionWith(asked.Where((_, i) => silo.Equals(owners[i])));
            }
            catch
            {
                // The caller hears of none.
                foreach (string repository in taken)
                {
                    Release(repository);
                }

                throw;
            }
        }

        return Array.ConvertAll(repositories, taken.Contains);
    }

    /// <summary>Gives up what a chunk has held.</summary>
    public void Release(string repository)
    {
        lock (_gate)
        {
            if (_mine.TryGetValue(repository, out Registration? mine))
            {
                mine.IsHeld = false;
                Leave(repository, mine);
            }
        }
    }

    /// <summary>Registers an activation of this silo: its own address, or that of the one that stands.</summary>
    public async Task<GrainAddress> RegisterAsync(string repository, GrainAddress activation, GrainAddress? previous)
    {
        while (true)
        {
            bool isAsked;
            lock (_gate)
            {
                isAsked = _mine.TryAdd(repository, new Registration());
                Registration mine = _mine[repository];
                if (mine.IsSure)
                {
                    return mine.Activation is { } other && !other.Matches(activation) && !other.Matches(previous) ? other : mine.Activation = activation;
                }
            }

            if (!isAsked)
            {
                // Another asks for it: its answer first.
                await _calling.WaitAsync();
                _calling.Release();
                continue;
            }

            SiloAddress? owner = (await AskAsync([repository]))[0];
            if (!silo.Equals(owner))
            {
                return new GrainAddress
                {
                    GrainId = activation.GrainId,
                    ActivationId = ActivationId.NewId(),
                    SiloAddress = owner ?? throw new OrleansException($"The registry lost its silo while {repository} was registered."),
                    MembershipVersion = activation.MembershipVersion,
                };
            }
        }
    }

    /// <summary>Its activation is gone.</summary>
    public void Unregister(string repository, GrainAddress activation)
    {
        lock (_gate)
        {
            if (_mine.TryGetValue(repository, out Registration? mine) && mine.Activation is { } standing && standing.Matches(activation))
            {
                mine.Activation = null;
                Leave(repository, mine);
            }
        }
    }

    /// <summary>Whether this silo has it; its activation, if it has one.</summary>
    public bool TryFind(string repository, out GrainAddress? activation)
    {
        lock (_gate)
        {
            bool isMine = _mine.TryGetValue(repository, out Registration? mine) && mine.IsSure;
            activation = isMine ? mine!.Activation : null;
            return isMine;
        }
    }

    /// <summary>It is visited.</summary>
    public void Touch(string repository)
    {
        lock (_gate)
        {
            if (_mine.TryGetValue(repository, out Registration? mine))
            {
                mine.IsTouched = true;
            }
        }
    }

    /// <summary>Whether what its holder has read of it since it was held is still true.</summary>
    public bool IsUntouched(string repository)
    {
        lock (_gate)
        {
            return _mine.TryGetValue(repository, out Registration? mine) && mine is { IsSure: true, IsHeld: true, IsTouched: false };
        }
    }

    /// <summary>What this silo has, for a registry that begins: the answers of an earlier one do not count from now on.</summary>
    public string[] List(ActivationId incarnation)
    {
        lock (_gate)
        {
            (_lister, _listings) = (incarnation, _listings + 1);
            return [.. _mine.Where(entry => entry.Value.IsSure).Select(entry => entry.Key)];
        }
    }

    /// <summary>Tells the registry what was given up.</summary>
    /// <returns>Whether it knows.</returns>
    public async Task<bool> FlushAsync()
    {
        lock (_gate)
        {
            if (_given.Count == 0)
            {
                return true;
            }
        }

        await AskAsync([]);
        lock (_gate)
        {
            return _given.Count == 0;
        }
    }

    /// <summary>Under the lock.</summary>
    private void Leave(string repository, Registration mine)
    {
        if (mine is { IsHeld: false, Activation: null, IsSure: true })
        {
            _mine.Remove(repository);
            _given.Add(repository);
        }
    }

    /// <summary>Asks the registry; entries of those that are another's are gone afterwards. By place the owner, or null: unknown.</summary>
    private async Task<SiloAddress?[]> AskAsync(string[] asked)
    {
        await _calling.WaitAsync();
        try
        {
            string[] given;
            long listings;
            lock (_gate)
            {
                given = [.. _given];
                _given.Clear();
                listings = _listings;
            }

            RegistryAnswer? answer = null;
            try
            {
                answer = await exchange(asked, given);
                return Apply(asked, answer, listings);
            }
            finally
            {
                if (answer is null)
                {
                    TakeBack(asked, given);
                }
            }
        }
        finally
        {
            _calling.Release();
        }
    }

    private SiloAddress?[] Apply(string[] asked, RegistryAnswer answer, long listings)
    {
        SiloAddress?[] owners = new SiloAddress?[asked.Length];
        lock (_gate)
        {
            bool counts = listings == _listings || answer.Incarnation == _lister;
            for (int i = 0; i < asked.Length; i++)
            {
                bool isMine = silo.Equals(answer.Owners[i]);
                if (isMine && counts)
                {
                    _mine[asked[i]].IsSure = true;
                    owners[i] = silo;
                    continue;
                }

                _mine.Remove(asked[i]);
                owners[i] = isMine ? null : answer.Owners[i];
            }
        }

        return owners;
    }

    /// <summary>What the registry made of the call is unknown: all of it is to be given up.</summary>
    private void TakeBack(string[] asked, string[] given)
    {
        lock (_gate)
        {
            Array.ForEach(asked, repository => _mine.Remove(repository));
            _given.UnionWith(asked);
            _given.UnionWith(given);
        }
    }
}
