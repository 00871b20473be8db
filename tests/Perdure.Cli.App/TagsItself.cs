namespace Perdure.Cli.App;

/// <summary>Starts no step; its module's options say what is particular to it.</summary>
[Workflow("tags-itself")]
public sealed class TagsItself : Workflow<string, string>
{
    public override Task<string> RunAsync(WorkflowContext ctx, string input) => Task.FromResult(input);
}
