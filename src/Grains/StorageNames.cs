namespace Actors.Grains;

/// <summary>Names of grain storages. Never changed: what is stored is found by them.</summary>
public static class StorageNames
{
    /// <summary>Forge grains' budgets.</summary>
    public const string Forges = "actors";
}
