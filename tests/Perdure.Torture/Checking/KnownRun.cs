using Perdure.Torture.Adapter.Dumps;
using Perdure.Torture.Adapter.Programs;
using Perdure.Torture.Records;

namespace Perdure.Torture.Checking;

/// <summary>A run, and the program that it must have run.</summary>
internal sealed record KnownRun(DumpedRun Run, TortureProgram Program)
{
    /// <summary>What the program says of its steps.</summary>
    public StepRules Steps { get; } = new(Program);
}
