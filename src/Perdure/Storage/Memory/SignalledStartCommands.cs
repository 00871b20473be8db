namespace Perdure.Storage.Memory;

/// <summary>Starts that bring a signal along: the run that is there gets it, or the run that is made.</summary>
internal sealed class SignalledStartCommands(RunTable runs, BirthCommands births, MessageCommands messages)
{
    public SignalledStart Start(RunBirth birth, OutgoingMessage signal, Instant now)
    {
        var outcome = Holder(birth, now) is { } live
            ? new BirthOutcome(BirthVerdict.Existing, live.Key, live.Birth.Id, live.Status)
            : births.Start([birth], now)[0];
        if (outcome.Verdict is not (BirthVerdict.Created or BirthVerdict.Existing) || runs.Find(outcome.Key) is not { } run) return new SignalledStart(outcome, null);
        return new SignalledStart(outcome, messages.Post(signal, runs.Live(run), MessageBox.NoOperation, now));
    }

    /// <summary>The live run of the same workflow that holds the key or the chosen id, made by another start.</summary>
    private RunRow? Holder(RunBirth birth, Instant now)
    {
        var holder = birth.StartKey is { } key ? runs.FindHeldKey(key, now) is { } held ? runs.Find(held.Run) : null
            : birth.ChosenId ? runs.Find(birth.Id) : null;
        return holder is not null && holder.Key != birth.Key && holder.Birth.Workflow == birth.Workflow && !holder.Status.IsTerminal() ? holder : null;
    }
}
