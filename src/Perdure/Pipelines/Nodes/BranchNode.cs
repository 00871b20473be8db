using System.Globalization;
using System.Text.Json;
using Perdure.Authoring;

namespace Perdure.Pipelines.Nodes;

/// <summary>Runs the clause whose pattern equals a value, the default clause, or none.</summary>
internal sealed class BranchNode<TInput>(string name, Func<PipelineContext<TInput>, object?> select) : PipelineNode<TInput>(name)
{
    private readonly List<(object? Pattern, string Label, NodeSequence<TInput> Clause)> _clauses = [];

    public NodeSequence<TInput>? Otherwise { get; set; }

    public bool IsEmpty => _clauses.Count == 0 && Otherwise is null;

    public void When(object? pattern, NodeSequence<TInput> clause)
    {
        var plain = Plain(pattern);
        var label = Label(plain);
        if (_clauses.Exists(known => Equals(known.Pattern, plain)))
            throw new InvalidOptionException(Name, $"The branch '{Name}' has two clauses for {label}.", ErrorCodes.InvalidRegistration);
        _clauses.Add((plain, label, clause));
    }

    public override async Task<string?> RunAsync(PipelineRun<TInput> run, PipelineScope scope)
    {
        var way = Select(Plain(select(run.See(Name, scope))));
        if (scope.Progress is { } progress)
        {
            progress.Leave(Name, GraphNodeState.Completed);
            foreach (var other in Ways())
                if (other != way) other.Skip(progress);
        }
        if (way is not null) await way.RunAsync(run, scope);
        scope.Progress?.Pass(GraphProgress.JoinOf(Name));
        return null;
    }

    public override void Draw(GraphBuilder graph)
    {
        var branch = graph.Add(GraphNodeKind.Branch, Name);
        var ends = new List<GraphEnd>();
        foreach (var (_, label, clause) in _clauses) ends.AddRange(graph.Inside(branch, label, clause.Draw));
        if (Otherwise is not null) ends.AddRange(graph.Inside(branch, "otherwise", Otherwise.Draw));
        else ends.Add(new GraphEnd(branch, "none"));
        graph.Join(Name, ends);
    }

    /// <summary>A value as it is compared: text, number, truth or nothing; an enum by its name.</summary>
    public override void Skip(GraphProgress progress)
    {
        base.Skip(progress);
        foreach (var way in Ways()) way.Skip(progress);
        progress.Pass(GraphProgress.JoinOf(Name), GraphNodeState.Skipped);
    }

    private NodeSequence<TInput>? Select(object? value)
    {
        foreach (var (pattern, _, clause) in _clauses)
            if (Equals(pattern, value)) return clause;
        return Otherwise;
    }

    private IEnumerable<NodeSequence<TInput>> Ways()
    {
        foreach (var (_, _, clause) in _clauses) yield return clause;
        if (Otherwise is not null) yield return Otherwise;
    }

    private static object? Plain(object? value) => value switch
    {
        null or string or bool => value,
        Enum name => name.ToString(),
        JsonElement json => json.ValueKind switch
        {
            JsonValueKind.String => json.GetString(),
            JsonValueKind.Number => json.TryGetDecimal(out var number) ? number : json.GetDouble(),
            JsonValueKind.True or JsonValueKind.False => json.GetBoolean(),
            JsonValueKind.Null or JsonValueKind.Undefined => null,
            _ => json.GetRawText(),
        },
        sbyte or byte or short or ushort or int or uint or long or ulong or decimal => Convert.ToDecimal(value, CultureInfo.InvariantCulture),
        _ => value,
    };

    private static string Label(object? plain) => plain switch
    {
        null => "null",
        bool truth => truth ? "true" : "false",
        _ => Convert.ToString(plain, CultureInfo.InvariantCulture) ?? "",
    };
}
