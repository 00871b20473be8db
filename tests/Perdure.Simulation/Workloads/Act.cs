namespace Perdure.Simulation;

/// <summary>What an <see cref="Act"/> does.</summary>
internal enum ActKind
{
    /// <summary>One after the other.</summary>
    Sequence,
    /// <summary>All at once; waits for all.</summary>
    All,
    /// <summary>All at once; goes on with the first, the others go on too.</summary>
    Any,
    /// <summary>Like <see cref="Any"/> over plain operations, and the losers are cancelled.</summary>
    Race,
    /// <summary>A bounded number at a time.</summary>
    Each,
    Step,
    Activity,
    Sleep,
    Wait,
    /// <summary>For one signal of each of the names.</summary>
    WaitAll,
    /// <summary>Takes all signals of a name that are there.</summary>
    Drain,
    /// <summary>Looks at the next signal of a name.</summary>
    Peek,
    /// <summary>A hook; waits for each of its answers.</summary>
    Hook,
    /// <summary>Makes a hook, or goes on with the one of the run before; the last run of a chain receives what it is answered.</summary>
    KeptHook,
    /// <summary>A question to people.</summary>
    Input,
    Publish,
    /// <summary>Writes the run's data, and reads it.</summary>
    Data,
    SideEffect,
    /// <summary>Asks for the version of a change, of which all code has the newest.</summary>
    Version,
    /// <summary>Recorded time, GUID and random number.</summary>
    Facts,
    /// <summary>The first act; when it is cancelled, the second one under a shield, and the cancellation goes on.</summary>
    Guard,
    /// <summary>The first act; a failure of it is written down and forgotten.</summary>
    Catch,
    /// <summary>Fails the workflow, in its first attempts.</summary>
    Fail,
    /// <summary>One after the other in a saga: those that have an undo register it.</summary>
    Saga,
    /// <summary>Another run, and waits for it.</summary>
    Child,
    /// <summary>Goes on as new, so often; then nothing. At the top only.</summary>
    Again,
}

/// <summary>A program for the interpreter workflow, and its input. Each act has a path, by which it is known in results and journals.</summary>
internal sealed record Act
{
    public ActKind Kind { get; init; }

    public string Name { get; init; } = "";

    /// <summary>How long it takes, in virtual milliseconds.</summary>
    public int Ms { get; init; }

    /// <summary>How many checkpoints a step saves, one after each part of its time.</summary>
    public int Checkpoints { get; init; }

    /// <summary>Attempts up to this number fail.</summary>
    public int Failing { get; init; }

    /// <summary>Attempts in all.</summary>
    public int Tries { get; init; } = 3;

    /// <summary>Wait after a failed attempt.</summary>
    public int RetryMs { get; init; } = 50;

    /// <summary>Limit of an attempt or of a wait; 0 for none.</summary>
    public int LimitMs { get; init; }

    /// <summary>Longest silence of an activity; 0 for none.</summary>
    public int HeartbeatMs { get; init; }

    /// <summary>Attempts up to this number stop giving heartbeats and hang.</summary>
    public int Silent { get; init; }

    /// <summary>Attempts up to this number end their process as they begin.</summary>
    public int Deadly { get; init; }

    /// <summary>Longest time of an activity in its queue; 0 for no limit.</summary>
    public int QueueLimitMs { get; init; }

    public bool AtMostOnce { get; init; }

    public bool Deferred { get; init; }

    public bool Local { get; init; }

    /// <summary>Whether its body ignores its token.</summary>
    public bool Stubborn { get; init; }

    /// <summary>Name of the step that undoes it, in a saga; null for none.</summary>
    public string? Undo { get; init; }

    /// <summary>Wait after a failed attempt of an undo.</summary>
    public const int UndoRetryMs = 50;

    /// <summary>Attempts up to this number of its undo fail, of three.</summary>
    public int UndoFailing { get; init; }

    /// <summary>What a child does; not a part of this program.</summary>
    public Act? Body { get; init; }

    public IReadOnlyList<Act> Acts { get; init; } = [];

    public static Act Then(params Act[] acts) => new() { Kind = ActKind.Sequence, Acts = acts };

    public static Act All(params Act[] acts) => new() { Kind = ActKind.All, Acts = acts };

    public static Act Any(params Act[] acts) => new() { Kind = ActKind.Any, Acts = acts };

    public static Act Race(params Act[] acts) => new() { Kind = ActKind.Race, Acts = acts };

    public static Act Each(int atOnce, params Act[] acts) => new() { Kind = ActKind.Each, Ms = atOnce, Acts = acts };

    public static Act Step(string name, int ms = 5, int failing = 0, int tries = 3, int retryMs = 50) =>
        new() { Kind = ActKind.Step, Name = name, Ms = ms, Failing = failing, Tries = tries, RetryMs = retryMs };

    public static Act Activity(string name, int ms = 5, int failing = 0, int tries = 3) =>
        new() { Kind = ActKind.Activity, Name = name, Ms = ms, Failing = failing, Tries = tries };

    public static Act Sleep(int ms) => new() { Kind = ActKind.Sleep, Ms = ms };

    public static Act Wait(string signal, int limitMs = 0) => new() { Kind = ActKind.Wait, Name = signal, LimitMs = limitMs };

    public static Act WaitAll(string signals, int limitMs = 0) => new() { Kind = ActKind.WaitAll, Name = signals, LimitMs = limitMs };

    public static Act Drain(string signal) => new() { Kind = ActKind.Drain, Name = signal };

    public static Act Peek(string signal) => new() { Kind = ActKind.Peek, Name = signal };

    /// <summary>A hook with a limit, which takes as many answers as it may try.</summary>
    public static Act Hook(string name, int limitMs, int answers = 1) => new() { Kind = ActKind.Hook, Name = name, LimitMs = limitMs, Tries = answers };

    public static Act Input(string name, int limitMs) => new() { Kind = ActKind.Input, Name = name, LimitMs = limitMs };

    public static Act Publish(string name) => new() { Kind = ActKind.Publish, Name = name };

    public static Act Data(string key) => new() { Kind = ActKind.Data, Name = key };

    public static Act Version(string change) => new() { Kind = ActKind.Version, Name = change };

    public static Act SideEffect(string name) => new() { Kind = ActKind.SideEffect, Name = name };

    public static Act Facts() => new() { Kind = ActKind.Facts };

    public static Act Guard(Act body, Act cleanup) => new() { Kind = ActKind.Guard, Acts = [body, cleanup] };

    public static Act Catch(Act body) => new() { Kind = ActKind.Catch, Acts = [body] };

    public static Act Saga(params Act[] acts) => new() { Kind = ActKind.Saga, Acts = acts };

    public static Act Child(Act body) => new() { Kind = ActKind.Child, Body = body };

    public static Act KeptHook(string name, int limitMs, int answers) => Hook(name, limitMs, answers) with { Kind = ActKind.KeptHook };

    public static Act Again(int times) => new() { Kind = ActKind.Again, Ms = times };

    public static Act Fail(int attempts) => new() { Kind = ActKind.Fail, Failing = attempts };

    /// <summary>This act and all inside it.</summary>
    public IEnumerable<Act> Flatten() => Acts.SelectMany(static act => act.Flatten()).Prepend(this);
}

/// <summary>Input of the activity "work".</summary>
/// <param name="Act">What it does.</param>
/// <param name="Seen">Hash of all that the workflow had seen when it called.</param>
/// <param name="WorkflowAttempt">Attempt of the workflow.</param>
internal sealed record WorkInput(Act Act, ulong Seen, int WorkflowAttempt);
