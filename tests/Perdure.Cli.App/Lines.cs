using Perdure.Pipelines;

namespace Perdure.Cli.App;

/// <summary>A pipeline.</summary>
public static class Lines
{
    public static readonly PipelineDefinition<string> Bake = Pipeline.Define<string>("bake", p => p.Step("knead", _ => { }).Step("heat", _ => { }));
}
