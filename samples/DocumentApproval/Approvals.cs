using Perdure.Pipelines;

namespace Perdure.Samples.DocumentApproval;

/// <summary>How a document is published.</summary>
internal static class Approvals
{
    /// <summary>
    /// Two reviews side by side; what no reviewer has doubts about is published at once, everything else is shown to the editor. What is not published gives its number back.
    /// </summary>
    public static readonly PipelineDefinition<Document> Publish = Pipeline.Define<Document>("publish_document", p => p
        .Timeout("30d")
        .Step("register", c => c.Data.Put("number", $"D-{c.Input.Title.Length}"), s => s
            .Compensate("withdraw", c => Console.Out.WriteLineAsync($"  [withdraw] {c.Data.Get<string>("number")}")))
        .Parallel("reviews", b => b
            .Branch("legal", q => q.Step("legal_review", c => c.Data.Put("legal", c.Input.Doubts.Contains("law"))))
            .Branch("finance", q => q.Step("finance_review", c => c.Data.Put("finance", c.Input.Doubts.Contains("money")))))
        .Decide("verdict", c => c.Data.Get<bool>("legal") || c.Data.Get<bool>("finance") ? Next.Continue : Next.Goto("publish"))
        .WaitForInput("editor", InputForm.Approval("Publish it all the same?"), new() { Assignee = "editor" })
        .Step("obey", c =>
        {
            if (!c.Data.Get<bool>("editor")) throw new NonRetryableException("The editor refused it.", "refused");
        })
        .Step("publish", c => Console.WriteLine($"  [publish] {c.Data.Get<string>("number")} {c.Input.Title}")));
}

/// <summary>A document, and what its reviewers will find.</summary>
internal sealed record Document(string Title, params string[] Doubts);
