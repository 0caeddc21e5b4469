using Actors.Git.Remotes;
using Actors.Store.Campaigns;
using Xunit;
using static Actors.Store.Tests.Campaigns.CampaignExamples;

namespace Actors.Store.Tests.Campaigns;

public abstract partial class CampaignStoreConformance
{
    [Fact]
    public async Task Hosts_that_others_work_are_left_to_them_by_who_wants_hosts_of_its_own()
    {
        await Store.SubmitAsync(List(("one.example", 40), ("two.example", 40), ("rare.example", 1)), options: new SubmissionOptions { ChunkMin = 10 });
        ForgeHost one = ForgeHost.Parse("one.example"), two = ForgeHost.Parse("two.example");
        ClaimRequest first = new() { Holder = "first", Max = 1000, PerHostMax = 1, Lease = Lease, Unshared = true }, second = first with { Holder = "second" };
        Assert.Equal([one], await HostsAsync(first with { Avoided = [two, Many] }));
        Assert.Equal([two, Many], await HostsAsync(second));

        // Each has more of its own, and nothing of the other's until it asks for that.
        Assert.Equal([one], await HostsAsync(first));
        Assert.Equal([two], await HostsAsync(second));
        Assert.Equal([one, two], await HostsAsync(second with { Unshared = false }));

        // Both have of both now. Whose leases have ended works no host any more.
        Assert.Empty(await HostsAsync(first));
        await ExpireAsync();
        Assert.Equal([one, two, Many], await HostsAsync(first));

        async Task<IEnumerable<ForgeHost>> HostsAsync(ClaimRequest request) =>
            (await Store.ClaimAsync(request, None)).Select(c => c.Host ?? Many).OrderBy(h => h == Many).ThenBy(h => h.ToString(), StringComparer.Ordinal);
    }
}
