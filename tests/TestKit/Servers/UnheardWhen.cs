namespace Actors.TestKit.Servers;

/// <summary>When an <see cref="UnheardProxy"/> breaks a connection.</summary>
public enum UnheardWhen
{
    /// <summary>Not for this.</summary>
    Never,

    /// <summary>Before the server gets it.</summary>
    Before,

    /// <summary>When the server answers, before the client hears.</summary>
    After,
}
