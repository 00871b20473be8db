namespace Perdure.Tests.Docs.Snippets.Sagas;

// snippet
[Workflow("trip")]
public sealed class TripWorkflow : Workflow<Trip, string>
{
    public static readonly WorkflowDefinition<Trip, string> Definition = new("trip");

    public override Task<string> RunAsync(WorkflowContext ctx, Trip trip) => ctx.SagaAsync(async saga =>
    {
        var room = await ctx.StepAsync("book-room", (IHotel hotel, CancellationToken ct) => hotel.BookAsync(trip, ct));
        saga.OnFailure("cancel-room", (IHotel hotel, CancellationToken ct) => hotel.CancelAsync(room, ct));

        var seat = await ctx.StepAsync("book-flight", (IAirline airline, CancellationToken ct) => airline.BookAsync(trip, ct));
        saga.OnFailure("cancel-flight", (IAirline airline, CancellationToken ct) => airline.CancelAsync(seat, ct));

        await ctx.StepAsync("charge", (IPayments payments, StepInfo step, CancellationToken ct) => payments.ChargeAsync(trip.Order, step.IdempotencyKey, ct));
        return $"{room} and {seat}";
    });
}
// end

internal static class Callers
{
    public static async Task ShowAsync(IPerdureClient client, string runId)
    {
        // snippet
        var run = await client.GetAsync(runId, RunInclude.Steps);
        foreach (var undo in run.Compensations!)
            Console.WriteLine($"{undo.Undo} of {undo.Step}: {undo.Status} after {undo.Attempts} attempts {undo.Error}");
        // end
    }
}
