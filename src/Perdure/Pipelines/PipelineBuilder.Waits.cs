using System.Runtime.CompilerServices;
using Perdure.Authoring;
using Perdure.Pipelines.Nodes;

namespace Perdure.Pipelines;

/// <content>Steps that wait: for the clock, for signals, or for people. Their answers land in the data under their names.</content>
public sealed partial class PipelineBuilder<TInput>
{
    /// <summary>Waits durably.</summary>
    /// <param name="duration">For example <c>"1h"</c>.</param>
    /// <param name="name">Its name; null for one that tells the duration.</param>
    /// <param name="file">Filled by the compiler.</param>
    /// <param name="line">Filled by the compiler.</param>
    public PipelineBuilder<TInput> SleepFor(string duration, string? name = null, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0) =>
        SleepFor(Durations.Parse(duration), name, file, line);

    /// <summary>Waits durably.</summary>
    /// <param name="duration">How long, up to 10 years.</param>
    /// <param name="name">Its name; null for one that tells the duration.</param>
    /// <param name="file">Filled by the compiler.</param>
    /// <param name="line">Filled by the compiler.</param>
    public PipelineBuilder<TInput> SleepFor(TimeSpan duration, string? name = null, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
    {
        SleepLimit.Check(duration);
        return Add(new SleepNode<TInput>(name is null ? _plan.TakeFresh($"sleep {Durations.Format(duration)}") : Taken(name), (_, context) => context.SleepAsync(duration, file, line)));
    }

    /// <summary>Waits durably until an instant.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="due">Gives the instant, from input or data; one in the past goes on at once.</param>
    /// <param name="file">Filled by the compiler.</param>
    /// <param name="line">Filled by the compiler.</param>
    public PipelineBuilder<TInput> SleepUntil(
        string name, Func<PipelineContext<TInput>, DateTimeOffset> due, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
    {
        ArgumentNullException.ThrowIfNull(due);
        return Add(new SleepNode<TInput>(Taken(name), (seen, context) => context.SleepUntilAsync(due(seen), file, line)));
    }

    /// <summary>Waits for a signal. Its payload is put into the data under the name.</summary>
    /// <param name="name">The step's name.</param>
    /// <param name="signal">The signal's name; null for the step's.</param>
    /// <param name="timeout">How long to wait; null for ever.</param>
    /// <param name="otherwise">What is put into the data when nothing came in time.</param>
    /// <param name="file">Filled by the compiler.</param>
    /// <param name="line">Filled by the compiler.</param>
    public PipelineBuilder<TInput> WaitForEvent(
        string name, string? signal = null, TimeSpan? timeout = null, object? otherwise = null, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0) =>
        Add(WaitNode<TInput>.ForOne(
            Taken(name), signal ?? name, timeout, codec => JsonBytes.Element(otherwise is null ? PayloadCodec.Null : codec.Serialize(otherwise, otherwise.GetType(), PayloadKind.Data)),
            new SourceLine(file, line)));

    /// <summary>
    /// Puts a question to people, and waits for the first answer that fits. It is put into the data under the name. Beside each other, as in a parallel <c>ForEach</c>, one question of a name is open at a time.
    /// </summary>
    /// <param name="name">The step's name, and the question's, by which it is answered.</param>
    /// <param name="form">What is asked.</param>
    /// <param name="options">Options; null for none. The default value is what is put into the data when nobody answered in time.</param>
    /// <param name="file">Filled by the compiler.</param>
    /// <param name="line">Filled by the compiler.</param>
    public PipelineBuilder<TInput> WaitForInput(
        string name, InputForm form, InputOptions? options = null, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
    {
        Names.Validate(NameKind.Input, name);
        ArgumentNullException.ThrowIfNull(form);
        options?.Validate();
        return Add(WaitNode<TInput>.ForInput(Taken(name), form, options, new SourceLine(file, line)));
    }

    /// <summary>Waits for the first of several signals. The data get its name and payload, <c>{"name":…,"payload":…}</c>, or <c>{"timedOut":true}</c>.</summary>
    /// <param name="name">The step's name.</param>
    /// <param name="signals">The signals' names.</param>
    /// <param name="timeout">How long to wait; null for ever.</param>
    /// <param name="file">Filled by the compiler.</param>
    /// <param name="line">Filled by the compiler.</param>
    public PipelineBuilder<TInput> WaitForAny(
        string name, IReadOnlyList<string> signals, TimeSpan? timeout = null, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0) =>
        Add(WaitNode<TInput>.ForAny(Taken(name), signals, timeout, new SourceLine(file, line)));

    /// <summary>Waits for all of several signals. The data get <c>{"complete":…,"payloads":{…}}</c>, with what came before the timeout.</summary>
    /// <param name="name">The step's name.</param>
    /// <param name="signals">The signals' names.</param>
    /// <param name="timeout">How long to wait; null for ever.</param>
    /// <param name="file">Filled by the compiler.</param>
    /// <param name="line">Filled by the compiler.</param>
    public PipelineBuilder<TInput> WaitForAll(
        string name, IReadOnlyList<string> signals, TimeSpan? timeout = null, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0) =>
        Add(WaitNode<TInput>.ForAll(Taken(name), signals, timeout, new SourceLine(file, line)));
}
