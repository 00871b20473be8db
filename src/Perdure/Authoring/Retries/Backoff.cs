namespace Perdure.Authoring;

/// <summary>How waits grow. The names are stored and shown.</summary>
internal enum Backoff
{
    Exponential,
    Linear,
    Constant,
    List,
}
