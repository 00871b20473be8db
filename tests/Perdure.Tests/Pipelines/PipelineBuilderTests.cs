using System.Text.Json;
using Perdure.Pipelines;

namespace Perdure.Tests.Pipelines;

public class PipelineBuilderTests
{
    [Fact]
    public void Define_NamesUsedTwice_AreRefused()
    {
        Refused("two steps named 'a'", p => p.Step("a", Nothing).Step("a", Nothing));
        Refused("two steps named 'a'", p => p.Step("a", Nothing).Branch("b", c => 1, b => b.When(1, q => q.Step("a", Nothing))));
        Refused("two steps named 'a'", p => p.Step("a", Nothing, s => s.Compensate("a", c => Task.CompletedTask)));
        Refused("two branches 'x'", p => p.Parallel("b", b => b.Branch("x", q => q.Step("a", Nothing)).Branch("x", q => q.Step("c", Nothing))));
        Refused("two clauses for 1", p => p.Branch("b", c => 1, b => b.When(1, q => q.Step("a", Nothing)).When(1L, q => q.Step("c", Nothing))));
        Refused("two default clauses", p => p.Branch("b", c => 1, b => b.Otherwise(q => q.Step("a", Nothing)).Otherwise(q => q.Step("c", Nothing))));
    }

    [Fact]
    public void Define_EmptyParts_AreRefused()
    {
        Refused("has no step", p => { });
        Refused("'b' has no clause", p => p.Branch("b", c => 1, b => { }));
        Refused("'b' has no branch", p => p.Parallel("b", b => { }));
        Refused("'b' has no step", p => p.ForEach("b", c => new[] { 1 }, q => { }));
        Refused("'b' has no step", p => p.Loop("b", c => true, q => { }));
    }

    [Fact]
    public void Define_OptionsOutOfRange_AreRefused()
    {
        Refused("At least 1 item", p => p.ForEach("b", c => new[] { 1 }, q => q.Step("a", Nothing), maxParallel: 0));
        Refused("at least 1 iteration", p => p.Loop("b", c => true, q => q.Step("a", Nothing), maxIterations: 0));
        Refused("Priority", p => p.Priority(5000).Step("a", Nothing));
        Refused("_a", p => p.Step("_a", Nothing));
        Refused("duration", p => p.Timeout("soon").Step("a", Nothing));
        Refused("MaxAttempts", p => p.Step("a", Nothing, s => s.MaxAttempts(0)));
    }

    [Fact]
    public void Graph_OfAPipeline_HoldsEveryStepAndWay()
    {
        var graph = Pipeline.Define("shop", p => p
            .Step("validate", Nothing)
            .Step("charge", Nothing, s => s.Compensate("refund", c => Task.CompletedTask))
            .Branch("kind", c => "digital", b => b.When("digital", q => q.Step("mail", Nothing)).Otherwise(q => q.Step("pack", Nothing).SleepFor("1h")))
            .Parallel("checks", b => b.Branch("one", q => q.Step("first", Nothing)).Branch("two", q => q.Step("second", Nothing)))
            .Loop("poll", c => false, q => q.WaitForEvent("arrived"))).Graph;

        Assert.Equal(
            [
                "Start start", "Step validate", "Step charge", "Compensation refund", "Branch kind", "Step mail", "Step pack", "Wait sleep 1h", "Join kind", "Branch checks", "Step first", "Step second",
                "Join checks", "Branch poll", "Wait arrived", "End end",
            ],
            graph.Nodes.Select(node => $"{node.Kind} {node.Label}"));
        string LabelOf(string id) => graph.Nodes.Single(node => node.Id == id).Label;
        var ways = graph.Edges.Select(edge => $"{LabelOf(edge.From)}>{LabelOf(edge.To)}{(edge.Label is null ? "" : ":" + edge.Label)}").ToList();
        Assert.Equal(
            [
                "start>validate", "validate>charge", "charge>refund:undo", "charge>kind", "kind>mail:digital", "kind>pack:otherwise", "pack>sleep 1h", "mail>kind", "sleep 1h>kind", "kind>checks",
                "checks>first:one", "checks>second:two", "first>checks", "second>checks", "checks>poll", "poll>arrived:again", "arrived>poll", "poll>end:done",
            ],
            ways);
    }

    [Fact]
    public void Graph_IsWrittenInFourLanguages()
    {
        var graph = Pipeline.Define("a<\"b\">", p => p.Step("x \"y\" <z>", Nothing, s => s.Compensate("undo x", c => Task.CompletedTask)).WaitForEvent("w")).Graph;
        graph = graph with { Nodes = [.. graph.Nodes.Select(node => node.Label == "w" ? node with { State = GraphNodeState.Waiting } : node)] };

        Assert.Equal(
            """
            flowchart TD
                n0(["start"])
                n1["x #quot;y#quot; #lt;z#gt;"]
                n2[/"undo x"/]
                n3{{"w"}}:::waiting
                n4(["end"])
                n0 --> n1
                n1 -.->|"undo"| n2
                n1 --> n3
                n3 --> n4
                classDef waiting fill:#9a6700,color:#ffffff

            """.ReplaceLineEndings("\n"), graph.ToMermaid());
        Assert.Equal(
            """
            digraph "a<\"b\">" {
                n0 [label="start", shape=oval];
                n1 [label="x \"y\" <z>", shape=box];
                n2 [label="undo x", shape=parallelogram];
                n3 [label="w", shape=hexagon, style=filled, fontcolor=white, fillcolor="#9a6700"];
                n4 [label="end", shape=oval];
                n0 -> n1;
                n1 -> n2 [label="undo", style=dashed];
                n1 -> n3;
                n3 -> n4;
            }

            """.ReplaceLineEndings("\n"), graph.ToDot());
        using var json = JsonDocument.Parse(graph.ToJson());
        Assert.Equal(["n0", "n1", "n2", "n3", "n4"], json.RootElement.GetProperty("nodes").EnumerateArray().Select(node => node.GetProperty("id").GetString()));
        Assert.Equal("waiting", json.RootElement.GetProperty("nodes")[3].GetProperty("state").GetString());
        Assert.Equal(4, json.RootElement.GetProperty("edges").GetArrayLength());
        var svg = System.Xml.Linq.XDocument.Parse(graph.ToSvg());
        Assert.Equal("a<\"b\">", svg.Root!.Elements().First(element => element.Name.LocalName == "title").Value);
        Assert.Contains(svg.Root.Elements(), element => element.Name.LocalName == "text" && element.Value == "x \"y\" <z>");
    }

    private static void Nothing(PipelineContext<JsonElement> context)
    {
    }

    private static void Refused(string why, Action<PipelineBuilder<JsonElement>> build)
    {
        var error = Assert.Throws<InvalidOptionException>(() => Pipeline.Define("wrong", build));
        Assert.Contains(why, error.Message, StringComparison.OrdinalIgnoreCase);
    }
}
