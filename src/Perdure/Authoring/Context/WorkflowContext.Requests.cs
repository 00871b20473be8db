using System.Runtime.CompilerServices;
using System.Text.Json;
using Perdure.Authoring;

namespace Perdure;

public abstract partial class WorkflowContext
{
    /// <summary>Makes a callback that somebody outside answers by its token: a link in a mail, a partner's system.</summary>
    /// <typeparam name="T">The payload's type. What is sent must have its shape, or it is refused and the hook stays open.</typeparam>
    /// <param name="name">The hook's name.</param>
    /// <param name="timeout">When it expires, fixed when it is recorded; null (the default) for never.</param>
    /// <param name="maxReceipts">How many answers it takes, 1 to 100, each delivered in order. Default: 1.</param>
    /// <param name="file">Filled by the compiler.</param>
    /// <param name="line">Filled by the compiler.</param>
    /// <exception cref="InvalidOptionException">The name or a number breaks a rule.</exception>
    /// <exception cref="WorkflowCancelledException">The run was asked to cancel.</exception>
    public Hook<T> CreateHook<T>(string name, TimeSpan? timeout = null, int maxReceipts = 1, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
    {
        Names.Validate(NameKind.Hook, name);
        if (timeout is { } limit) SleepLimit.Check(limit);
        if (maxReceipts is < 1 or > PerdureDefaults.MaxHookReceipts)
            throw new InvalidOptionException(nameof(maxReceipts), $"A hook takes 1 to {PerdureDefaults.MaxHookReceipts} answers, not {maxReceipts}.");
        return new Hook<T>(this, IssueHook<T>(name, timeout, maxReceipts, new SourceLine(file, line)));
    }

    /// <summary>Makes a hook, and lets a step tell of it: sends the link. The step runs once; its name is the hook's with <c>:created</c> behind it.</summary>
    /// <typeparam name="T">The payload's type.</typeparam>
    /// <typeparam name="TService">A service that the step needs.</typeparam>
    /// <param name="name">The hook's name.</param>
    /// <param name="onCreated">Tells of the hook.</param>
    /// <param name="timeout">When it expires; null (the default) for never.</param>
    /// <param name="maxReceipts">How many answers it takes, 1 to 100. Default: 1.</param>
    /// <param name="file">Filled by the compiler.</param>
    /// <param name="line">Filled by the compiler.</param>
    /// <exception cref="StepFailedException">The step failed.</exception>
    /// <inheritdoc cref="CreateHook{T}" path="/exception"/>
    public async Task<Hook<T>> CreateHookAsync<T, TService>(
        string name, Func<Hook<T>, TService, CancellationToken, Task> onCreated, TimeSpan? timeout = null, int maxReceipts = 1,
        [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
        where TService : notnull
    {
        ArgumentNullException.ThrowIfNull(onCreated);
        try
        {
            var hook = CreateHook<T>(name, timeout, maxReceipts, file, line);
            await StepAsync(name + ":created", (TService service, CancellationToken ct) => onCreated(hook, service, ct), options: null, file, line);
            return hook;
        }
        finally
        {
            HelperEnd.LeaveContext();
        }
    }

    /// <summary>Asks people, and waits for the first answer that fits. One question of a name is open at a time.</summary>
    /// <typeparam name="T">The type that the answer is read as.</typeparam>
    /// <param name="name">The question's name, by which it is answered.</param>
    /// <param name="form">What is asked.</param>
    /// <param name="options">Options; null for none.</param>
    /// <param name="file">Filled by the compiler.</param>
    /// <param name="line">Filled by the compiler.</param>
    /// <returns>The answer, or the default value when nobody gave one in time.</returns>
    /// <exception cref="InvalidOptionException">An option breaks a rule, or a question of that name is open.</exception>
    /// <exception cref="InputTimeoutException">Nobody answered in time, and the options say <see cref="InputTimeout.Fail"/>.</exception>
    /// <exception cref="WorkflowCancelledException">The run was asked to cancel.</exception>
    public Task<T> RequestInputAsync<T>(
        string name, InputForm form, InputOptions? options = null, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
    {
        Names.Validate(NameKind.Input, name);
        ArgumentNullException.ThrowIfNull(form);
        options?.Validate();
        return IssueInputAsync<T>(name, form, options ?? NoInputOptions, new SourceLine(file, line));
    }

    /// <summary>Asks for a yes or no.</summary>
    /// <param name="name">The question's name.</param>
    /// <param name="prompt">The question.</param>
    /// <param name="options">Options; null for none.</param>
    /// <param name="file">Filled by the compiler.</param>
    /// <param name="line">Filled by the compiler.</param>
    /// <inheritdoc cref="RequestInputAsync{T}" path="/returns"/>
    /// <inheritdoc cref="RequestInputAsync{T}" path="/exception"/>
    public Task<bool> RequestApprovalAsync(
        string name, string prompt, InputOptions? options = null, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0) =>
        RequestInputAsync<bool>(name, InputForm.Approval(prompt), options, file, line);

    /// <summary>Asks for one of several choices.</summary>
    /// <param name="name">The question's name.</param>
    /// <param name="prompt">The question.</param>
    /// <param name="choices">The choices.</param>
    /// <param name="options">Options; null for none.</param>
    /// <param name="file">Filled by the compiler.</param>
    /// <param name="line">Filled by the compiler.</param>
    /// <returns>The choice; the default value, or null, when nobody chose in time.</returns>
    /// <inheritdoc cref="RequestInputAsync{T}" path="/exception"/>
    public Task<string?> RequestChoiceAsync(
        string name, string prompt, IReadOnlyList<string> choices, InputOptions? options = null, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0) =>
        RequestInputAsync<string?>(name, InputForm.Choice(prompt, choices), options, file, line);

    /// <summary>Asks for any of several choices.</summary>
    /// <param name="name">The question's name.</param>
    /// <param name="prompt">The question.</param>
    /// <param name="choices">The choices.</param>
    /// <param name="options">Options; null for none.</param>
    /// <param name="file">Filled by the compiler.</param>
    /// <param name="line">Filled by the compiler.</param>
    /// <returns>The choices, none perhaps; the default value, or null, when nobody chose in time.</returns>
    /// <inheritdoc cref="RequestInputAsync{T}" path="/exception"/>
    public Task<IReadOnlyList<string>?> RequestChoicesAsync(
        string name, string prompt, IReadOnlyList<string> choices, InputOptions? options = null, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0) =>
        RequestInputAsync<IReadOnlyList<string>?>(name, InputForm.ManyChoices(prompt, choices), options, file, line);

    /// <summary>Asks for a text.</summary>
    /// <param name="name">The question's name.</param>
    /// <param name="prompt">The question.</param>
    /// <param name="options">Options; null for none.</param>
    /// <param name="file">Filled by the compiler.</param>
    /// <param name="line">Filled by the compiler.</param>
    /// <returns>The text; the default value, or null, when nobody answered in time.</returns>
    /// <inheritdoc cref="RequestInputAsync{T}" path="/exception"/>
    public Task<string?> RequestTextAsync(
        string name, string prompt, InputOptions? options = null, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0) =>
        RequestInputAsync<string?>(name, InputForm.Text(prompt), options, file, line);

    /// <summary>Asks to fill in a form.</summary>
    /// <typeparam name="T">The type that the answer is read as; <see cref="JsonElement"/> takes any.</typeparam>
    /// <param name="name">The question's name.</param>
    /// <param name="prompt">The question.</param>
    /// <param name="fields">The fields.</param>
    /// <param name="options">Options; null for none.</param>
    /// <param name="file">Filled by the compiler.</param>
    /// <param name="line">Filled by the compiler.</param>
    /// <returns>The form as it was filled in; the default value, or the default of the type, when nobody answered in time.</returns>
    /// <inheritdoc cref="RequestInputAsync{T}" path="/exception"/>
    public Task<T?> RequestFormAsync<T>(
        string name, string prompt, IReadOnlyList<InputField> fields, InputOptions? options = null, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0) =>
        RequestInputAsync<T?>(name, InputForm.Form(prompt, fields), options, file, line);

    private static readonly InputOptions NoInputOptions = new();

    private protected abstract IHookReceipts<T> IssueHook<T>(string name, TimeSpan? timeout, int maxReceipts, SourceLine source);

    private protected abstract Task<T> IssueInputAsync<T>(string name, InputForm form, InputOptions options, SourceLine source);
}
