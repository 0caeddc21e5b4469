namespace Actors.Web.Forges;

/// <summary>
/// Ends an answer before its end, because <see cref="ForgeBehaviour.CutAfterBytes"/> says so. Kestrel sends what was
/// written and then closes the connection without the last chunk, which is what a dying server looks like.
/// </summary>
internal sealed class AnswerCutException() : Exception("The answer is cut here, as asked.");
