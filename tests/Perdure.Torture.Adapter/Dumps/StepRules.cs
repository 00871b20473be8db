using Perdure.Torture.Adapter.Programs;

namespace Perdure.Torture.Adapter.Dumps;

/// <summary>What a program says of its steps, by their ids.</summary>
internal sealed class StepRules
{
    private readonly Dictionary<string, Operation> _steps = new(StringComparer.Ordinal);
    private readonly Dictionary<string, TortureProgram> _children = new(StringComparer.Ordinal);
    private readonly HashSet<string> _values = new(StringComparer.Ordinal);

    public StepRules(TortureProgram program) => Add(program.Ops);

    /// <summary>How many failures use up the policy of a step.</summary>
    public int MaxFailures(string qualified) => (Find(qualified)?.Retry ?? RetryRule.Default).Max;

    /// <summary>Whether a qualified id is that of a recorded value.</summary>
    public bool IsValue(string qualified) => _values.Contains(Place.IdOf(qualified));

    /// <summary>The program of the child that an operation starts; null: it starts none.</summary>
    public TortureProgram? FindChild(string qualified) => _children.GetValueOrDefault(Place.IdOf(qualified));

    /// <summary>The step with a qualified id; null for probes, which the program does not spell out.</summary>
    public Operation? Find(string qualified) => _steps.GetValueOrDefault(Place.IdOf(qualified));

    private void Add(IReadOnlyList<Operation> operations)
    {
        foreach (var operation in operations) Add(operation);
    }

    private void Add(Operation operation)
    {
        switch (operation.O)
        {
            case "step":
                _steps[operation.Id!] = operation;
                break;
            case "now" or "uuid" or "rand":
                _values.Add(operation.Id!);
                break;
            case "child":
                _children[operation.Id!] = operation.Prog!;
                break;
            case "loop" or "shield":
                Add(operation.Body());
                break;
            case "all" or "each" or "any":
                foreach (var branch in operation.Branches()) Add(branch);
                break;
            case "saga":
                foreach (var step in operation.S!)
                {
                    _steps[step.Id!] = step;
                    _steps[step.Id + ".undo"] = step.Undo!;
                }
                break;
        }
    }
}
