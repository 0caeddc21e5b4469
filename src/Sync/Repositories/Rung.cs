namespace Actors.Sync.Repositories;

/// <summary>A rung of the strategy ladder: how the objects of a changed repository are asked for.</summary>
public enum Rung
{
    /// <summary>(a) The store has every tip: new heads, no fetch.</summary>
    HeadsOnly,

    /// <summary>(b) Own earlier heads are the haves of one thin fetch.</summary>
    OwnHeads,

    /// <summary>(c) A shallow probe of commits, its boundary looked up in the store, one thin fetch with exact haves.</summary>
    CommitProbe,

    /// <summary>(d) Everything but blobs, then the blobs that the store lacks in one request.</summary>
    MissingBlobs,

    /// <summary>(e) A sample of haves, bisected: servers without filter.</summary>
    SampledHaves,

    /// <summary>(f) Protocol v0 or v1: negotiation over advertised refs.</summary>
    LegacyProtocol,

    /// <summary>Nothing of it is in the store: the whole history.</summary>
    Everything,
}
