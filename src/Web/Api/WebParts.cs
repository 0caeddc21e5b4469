namespace Actors.Web.Api;

/// <summary>What a server offers at one address. Health is at every one.</summary>
[Flags]
public enum WebParts
{
    None = 0,

    /// <summary>The API below <c>/api/</c>, and its document.</summary>
    Api = 1,

    /// <summary><c>/metrics</c>.</summary>
    Metrics = 2,

    /// <summary>The pages below <c>/dashboard/</c>. They ask the API at their own address, so it belongs to them.</summary>
    Dashboard = 4,

    All = Api | Metrics | Dashboard,
}
