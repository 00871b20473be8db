using Perdure.Storage;

namespace Perdure.Stores.Tests.Contract;

/// <summary>Bundles and workers for tests that care for the store, not for what is in it.</summary>
internal static class Some
{
    public static WorkerRegistration Registration() => new(Guid.NewGuid(), "test", Lanes: 1, TimeSpan.FromSeconds(30));

    public static async Task<TestWorker> WorkerAsync(IPerdureStore store) =>
        new(store, (await store.RegisterWorkerAsync(Registration(), Make.Never)).Worker);

    /// <summary>One event of <paramref name="length"/> bytes.</summary>
    public static EventBatch Event(int sequence, int length = 200)
    {
        var bytes = new byte[length];
        Array.Fill(bytes, (byte)(sequence + 1));
        return new(sequence, 1, bytes);
    }

    public static RunBundle Owned(RunBirth birth) =>
        new() { Run = birth.Key, Birth = birth, Owned = true, Term = 1, BaseSequence = birth.Events.Count };

    public static RunBundle Step(long run, int sequence, int length = 200) =>
        new() { Run = run, Term = 1, BaseSequence = sequence, Events = Event(sequence, length) };
}
