namespace Perdure.Storage;

/// <summary>An activity that is queued or runs, as others see it.</summary>
/// <param name="Operation">Operation of its run.</param>
/// <param name="Activity">Name of the activity.</param>
/// <param name="Queue">The queue that it stands on.</param>
/// <param name="DueAt">Not taken before.</param>
/// <param name="Owner">Key of the worker that has it in its hands; 0 for nobody.</param>
public sealed record TaskRecord(int Operation, string Activity, string Queue, Instant DueAt, long Owner);
