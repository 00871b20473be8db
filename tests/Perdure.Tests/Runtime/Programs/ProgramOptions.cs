namespace Perdure.Tests.Runtime.Programs;

/// <summary>Options of a random program's operations, by variant.</summary>
internal static class ProgramOptions
{
    private static readonly StepOptions?[] Steps =
    [
        null,
        new StepOptions { Retry = RetryPolicy.None },
        new StepOptions { Retry = RetryPolicy.Constant(TimeSpan.FromSeconds(2)) with { MaxAttempts = 4 } },
        new StepOptions { Mode = StepMode.AtMostOnce },
        new StepOptions { Durability = StepDurability.Deferred },
        new StepOptions { Id = "own", Retry = RetryPolicy.Constant(TimeSpan.Zero) with { MaxAttempts = 2 } },
        new StepOptions { Retry = RetryPolicy.Default with { NonRetryable = ["bad"] } },
    ];

    private static readonly ActivityOptions?[] Activities =
    [
        null,
        new ActivityOptions { Retry = RetryPolicy.None },
        new ActivityOptions { RunLocally = true },
        new ActivityOptions { RunLocally = true, Retry = RetryPolicy.Constant(TimeSpan.FromSeconds(1)) },
        new ActivityOptions { ScheduleToClose = TimeSpan.FromSeconds(3) },
    ];

    public static StepOptions? OfStep(int variant) => Steps[variant % Steps.Length];

    public static ActivityOptions? OfActivity(int variant) => Activities[variant % Activities.Length];
}
