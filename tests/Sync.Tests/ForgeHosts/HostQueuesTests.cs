using Actors.Git.Remotes;
using Actors.Store.Heads;
using Actors.Sync.ForgeHosts;
using Actors.TestKit;
using Xunit;

namespace Actors.Sync.Tests.ForgeHosts;

public sealed class HostQueuesTests : IDisposable
{
    private static readonly HostEvidence Answered = new(HostEvidenceKind.Answered);
    private readonly TemporaryFolder _folder = new();
    private readonly List<(RepositoryUrl Url, long Line)> _refill = [];
    private long _now = new DateTime(2026, 1, 1).Ticks;

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Hosts_take_turns_whatever_the_order_of_the_list(int seed)
    {
        Random random = new(seed);
        const int Hosts = 10;
        const int Each = 300;
        string[][] orders =
        [
            [.. from host in Enumerable.Range(0, Hosts) from number in Enumerable.Range(0, Each) select Url(host, number)],
            [.. (from host in Enumerable.Range(0, Hosts) from number in Enumerable.Range(0, Each) select Url(host, number)).OrderBy(_ => random.Next())],
        ];
        foreach (string[] order in orders)
        {
            using HostQueues queues = Make(new HostLimits(1, double.PositiveInfinity), waitingMax: 500, perHostMax: 20);
            Fill(queues, order);
            Assert.True(queues.Spooled > 0);
            Assert.True(queues.InMemory <= 500);
            Dictionary<ForgeHost, int> taken = [];
            for (int turn = 0; turn < Hosts * Each; turn++)
            {
                TakenSync sync = Take(queues);
                taken[sync.Sync.Url.Host] = taken.GetValueOrDefault(sync.Sync.Url.Host) + 1;
                Assert.InRange(taken.Values.Max() - taken.Values.Min(), 0, taken.Count == Hosts ? 1 : Each);
                queues.End(sync, Answered, _now);
                Refill(queues);
            }

            Assert.True(queues.IsEmpty);
            Assert.All(taken.Values, count => Assert.Equal(Each, count));
        }
    }

    [Fact]
    public void Repositories_of_a_host_keep_their_order_through_the_spool()
    {
        using HostQueues queues = Make(new HostLimits(1, double.PositiveInfinity), waitingMax: 100, perHostMax: 10);
        Fill(queues, [.. from number in Enumerable.Range(0, 5000) select Url(number % 2, number)]);
        Assert.True(queues.Spooled > 4900);
        List<long>[] lines = [[], []];
        while (!queues.IsEmpty)
        {
            TakenSync sync = Take(queues);
            lines[sync.Sync.Line % 2 == 1 ? 0 : 1].Add(sync.Sync.Line);
            Assert.Equal(Url((int)(sync.Sync.Line - 1) % 2, (int)sync.Sync.Line - 1), sync.Sync.Url.ToString());
            queues.End(sync, Answered, _now);
            Refill(queues);
        }

        Assert.Equal(Enumerable.Range(0, 2500).Select(n => (n * 2L) + 1), lines[0]);
        Assert.Equal(Enumerable.Range(0, 2500).Select(n => (n * 2L) + 2), lines[1]);
    }

    [Fact]
    public void Spool_leaves_no_file_behind()
    {
        using (HostQueues queues = Make(new HostLimits(1, double.PositiveInfinity), waitingMax: 10, perHostMax: 10))
        {
            Fill(queues, [.. from number in Enumerable.Range(0, 20_000) select Url(0, number)]);
            Assert.Empty(Directory.EnumerateFiles(_folder.FullPath));
        }

        Assert.Empty(Directory.EnumerateFiles(_folder.FullPath));
    }

    [Fact]
    public void Turn_costs_the_same_for_many_hosts()
    {
        const int Hosts = 100_000;
        using HostQueues queues = Make(new HostLimits(1, double.PositiveInfinity), waitingMax: Hosts * 2, perHostMax: 10);
        Fill(queues, [.. from number in Enumerable.Range(0, Hosts * 2) select Url(number % Hosts, number)]);

        // All hosts but one are saturated: none of them may be looked at again to find the one that is not.
        for (int turn = 0; turn < Hosts; turn++)
        {
            _ = Take(queues);
        }

        Assert.False(queues.TryTake(_now, out _));
        Assert.False(queues.HasReady);
    }

    [Fact]
    public void Silent_host_lets_the_others_go_on_and_comes_back_at_its_time()
    {
        using HostQueues queues = Make(new HostLimits(1, double.PositiveInfinity));
        Fill(queues, [Url(0, 0), Url(0, 1), Url(1, 0), Url(1, 1)]);
        TakenSync first = Take(queues);
        queues.EndAndAddAgain(first, new HostEvidence(HostEvidenceKind.Throttled, TimeSpan.FromSeconds(30)), _now);
        for (int number = 0; number < 2; number++)
        {
            TakenSync other = Take(queues);
            Assert.Equal("h1.example", other.Sync.Url.Host.ToString());
            queues.End(other, Answered, _now);
        }

        Assert.False(queues.TryTake(_now, out _));
        Assert.Equal(_now + TimeSpan.FromSeconds(30).Ticks, queues.NextReadyAt);
        Assert.False(queues.TryTake(_now + TimeSpan.FromSeconds(30).Ticks - 1, out _));
        _now += TimeSpan.FromSeconds(30).Ticks;
        TakenSync again = Take(queues);
        Assert.Equal((first.Sync.Url, 1), (again.Sync.Url, again.Sync.Throttlings));
    }

    [Fact]
    public void Silence_of_an_earlier_run_is_kept()
    {
        using HostQueues queues = Make(new HostLimits(4, double.PositiveInfinity));
        DateTimeOffset until = new(_now + TimeSpan.FromMinutes(5).Ticks, TimeSpan.Zero);
        queues.Remember(new ForgeHostState(ForgeHost.Parse("h0.example"), null, until, "{\"allowed\":1,\"silenceStep\":1}"));
        Fill(queues, [Url(0, 0), Url(0, 1)]);
        Assert.False(queues.TryTake(_now, out _));
        Assert.Equal(until.Ticks, queues.NextReadyAt);
        Assert.True(queues.TryTake(until.Ticks, out _));
        Assert.False(queues.TryTake(until.Ticks, out _));
    }

    [Fact]
    public void What_waits_for_a_dead_host_ends_without_request()
    {
        using HostQueues queues = Make(new HostLimits(8, double.PositiveInfinity));
        Fill(queues, [.. from number in Enumerable.Range(0, 100) select Url(0, number)]);
        int requests = 0;
        int unasked = 0;
        while (!queues.IsEmpty)
        {
            if (!queues.TryTake(_now, out TakenSync taken))
            {
                _now = queues.NextReadyAt!.Value;
                continue;
            }

            requests += taken.WithoutRequest is null ? 1 : 0;
            unasked += taken.WithoutRequest == Outcome.Unreachable ? 1 : 0;
            queues.End(taken, new HostEvidence(HostEvidenceKind.Unreachable), ++_now);
        }

        Assert.Equal((HostPolicy.UnreachableRowMax + HostPolicy.CanariesMax, 92), (requests, unasked));
    }

    [Fact]
    public void Hosts_without_work_are_forgotten_when_there_are_many()
    {
        using HostQueues queues = Make(new HostLimits(1, double.PositiveInfinity));
        for (int host = 0; host < 200_000; host++)
        {
            Fill(queues, [Url(host, 0)]);
            queues.End(Take(queues), Answered, _now);
        }

        Assert.InRange(queues.Hosts.Count, 1, 50_001);
    }

    [Fact]
    public void Small_repositories_go_before_huge_ones_and_none_starves()
    {
        using HostQueues queues = Make(new HostLimits(1, double.PositiveInfinity));
        AddKnown(queues, 0, 60, new RepositoryState { Url = default, CloneBytes = 1L << 30 });
        AddKnown(queues, 100, 60, new RepositoryState { Url = default, Failures = 9 });
        AddKnown(queues, 200, 60, null);
        List<int> order = [];
        while (queues.TryTake(_now, out TakenSync taken))
        {
            order.Add(int.Parse(taken.Sync.Url.ToString().Split('/')[^1], null) / 100);
            queues.End(taken, new HostEvidence(HostEvidenceKind.Answered), ++_now);
        }

        Assert.Equal(180, order.Count);
        Assert.Equal((58, 8, 4), (order.Take(70).Count(o => o == 2), order.Take(70).Count(o => o == 0), order.Take(70).Count(o => o == 1)));
        Assert.Equal(2, order[0]);
    }

    [Fact]
    public void Hosts_behind_one_address_share_what_it_bears()
    {
        using HostQueues queues = new(_ => HostRules.Open(new HostLimits(2, double.PositiveInfinity)), new Random(1), _folder.FullPath, budgetOf: _ => "203.0.113.7");
        Fill(queues, [.. from number in Enumerable.Range(0, 20) select Url(number % 2, number)]);
        for (int host = 0; host < 2; host++)
        {
            // The first answers tell where the hosts are.
            queues.End(Take(queues), new HostEvidence(HostEvidenceKind.Answered), ++_now);
        }

        Assert.Equal(2, TakeAll(queues).Count);
        Assert.Same(queues.Hosts.First().Policy, queues.Hosts.Last().Policy);
    }

    [Fact]
    public void End_of_one_host_lets_another_of_its_budget_go_on()
    {
        using HostQueues queues = new(_ => HostRules.Open(new HostLimits(1, double.PositiveInfinity)) with { Budget = "both" }, new Random(1), _folder.FullPath);
        Fill(queues, [Url(0, 0), Url(1, 1)]);
        TakenSync first = Take(queues);
        Assert.False(queues.TryTake(_now, out _));
        queues.End(first, new HostEvidence(HostEvidenceKind.Answered), ++_now);
        Assert.NotEqual(first.Sync.Url.Host, Take(queues).Sync.Url.Host);
    }

    [Fact]
    public void Canary_is_taken_when_many_were_refused_and_its_answer_lets_the_others_go_on()
    {
        using HostQueues queues = new(_ => HostRules.Open(new HostLimits(8, double.PositiveInfinity)), new Random(1), _folder.FullPath, hasCanary: true);
        Fill(queues, [.. from number in Enumerable.Range(0, 60) select Url(0, number)]);
        TakenSync good = Take(queues);
        queues.End(good, new HostEvidence(HostEvidenceKind.Answered) { Served = true }, ++_now);
        for (int row = 0; row < HostPolicy.DoubtRowMax; row++)
        {
            queues.End(Take(queues), new HostEvidence(HostEvidenceKind.RefusedUnknown), ++_now);
        }

        TakenSync canary = Take(queues);
        Assert.Equal((true, good.Sync.Url), (canary.IsCanary, canary.Sync.Url));
        Assert.False(queues.TryTake(_now, out _));
        queues.EndCanary(canary, new HostEvidence(HostEvidenceKind.Answered), ++_now);
        Assert.Equal(8, TakeAll(queues).Count);
        Assert.Equal(60 - 1 - HostPolicy.DoubtRowMax - 8, queues.InMemory);
    }

    private List<TakenSync> TakeAll(HostQueues queues)
    {
        List<TakenSync> all = [];
        while (queues.TryTake(_now, out TakenSync taken))
        {
            all.Add(taken);
        }

        return all;
    }

    [Fact]
    public void What_was_never_seen_and_is_listed_as_huge_waits_as_a_huge_one()
    {
        using HostQueues queues = Make(new HostLimits(1000, double.PositiveInfinity));
        foreach ((int number, long? bytes) in (ReadOnlySpan<(int, long?)>)[(1, HostQueue.HugeBytes), (2, null), (3, HostQueue.HugeBytes - 1), (4, 1)])
        {
            RepositoryUrl url = RepositoryUrl.Parse(Url(0, number));
            Assert.True(queues.TryReserve(url.Host, 0, out HostQueue queue));
            queues.Add(queue, new WaitingSync(url, null, number, ListedBytes: bytes));
        }

        Assert.Equal([2L, 3, 4, 1], TakeAll(queues).Select(taken => taken.Sync.Line));
    }

    private static void AddKnown(HostQueues queues, int from, int count, RepositoryState? known)
    {
        foreach (int number in Enumerable.Range(from, count))
        {
            RepositoryUrl url = RepositoryUrl.Parse(Url(0, number));
            Assert.True(queues.TryReserve(url.Host, 0, out HostQueue queue));
            queues.Add(queue, new WaitingSync(url, known is null ? null : known with { Url = url }, number));
        }
    }

    private static string Url(int host, int number) => $"https://h{host}.example/{number}";

    private HostQueues Make(HostLimits limits, int waitingMax = 1000, int perHostMax = 1000) =>
        new(_ => HostRules.Open(limits), new Random(1), _folder.FullPath, waitingMax, perHostMax);

    private static void Fill(HostQueues queues, string[] urls)
    {
        long line = 0;
        foreach (string text in urls)
        {
            RepositoryUrl url = RepositoryUrl.Parse(text);
            line++;
            if (queues.TryReserve(url.Host, 0, out HostQueue queue))
            {
                queues.Add(queue, new WaitingSync(url, null, line));
            }
            else
            {
                queues.Spool(queue, url, line);
            }
        }
    }

    private TakenSync Take(HostQueues queues)
    {
        Refill(queues);
        Assert.True(queues.TryTake(_now, out TakenSync taken));
        return taken;
    }

    private void Refill(HostQueues queues)
    {
        while (queues.TryBeginRefill(out HostQueue? queue, out SpooledChunk chunk))
        {
            _refill.Clear();
            queues.ReadRefill(chunk, _refill);
            foreach ((RepositoryUrl url, long line) in _refill)
            {
                queues.Add(queue, new WaitingSync(url, null, line));
            }

            queues.EndRefill(queue);
        }
    }
}
