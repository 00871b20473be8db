using System.Globalization;

namespace Perdure;

/// <summary>No worker of that number is alive.</summary>
public sealed class WorkerNotFoundException : PerdureException
{
    internal WorkerNotFoundException(long number)
        : base(ErrorCodes.WorkerNotFound, string.Create(CultureInfo.InvariantCulture, $"No worker with the number {number} is alive. One that registers anew has another number: list them.")) => Number = number;

    /// <summary>What was looked for.</summary>
    public long Number { get; }
}
