namespace Actors.Store.Objects;

/// <summary>What an opener of a store wants to do.</summary>
public enum StoreAccess
{
    /// <summary>Read only: any number of processes, also while another one writes.</summary>
    Read,

    /// <summary>Read and write: one process. Creates the store where there is none.</summary>
    Write,
}
