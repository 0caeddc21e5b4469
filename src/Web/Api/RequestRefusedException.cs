namespace Actors.Web.Api;

/// <summary>A request that is answered with a problem. Thrown before the answer begins.</summary>
internal sealed class RequestRefusedException(Problem problem) : Exception(problem.Detail)
{
    public Problem Problem { get; } = problem;

    /// <summary>400: a parameter, header or body that is wrong.</summary>
    public static RequestRefusedException Bad(string field, string detail) =>
        new(new Problem(400, "invalid-parameter", detail) { Field = field });

    /// <summary>404.</summary>
    public static RequestRefusedException Unknown(string field, string detail) =>
        new(new Problem(404, "not-found", detail) { Field = field });
}
