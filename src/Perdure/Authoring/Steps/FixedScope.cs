namespace Perdure.Authoring;

/// <summary>An attempt all of whose parts are known beforehand.</summary>
internal sealed class FixedScope : AttemptScope
{
    public FixedScope(IServiceProvider? services, StepInfo info, CancellationToken token) => (Services, Info, Token) = (services, info, token);

    public override CancellationToken Token { get; }

    public override StepInfo Info { get; }
}
