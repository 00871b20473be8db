using System.Diagnostics.CodeAnalysis;
using System.Reflection;

namespace Perdure.Authoring;

/// <summary>An activity that is a method of a service, called by reflection.</summary>
internal sealed class MethodActivityDescriptor : ActivityDescriptor
{
    private readonly ActivityMethod _method;
    private readonly MethodInvoker _invoker;
    private readonly PropertyInfo? _result;
    private readonly Type _service;
    private readonly Func<IServiceProvider?, object> _create;

    /// <param name="method">The method, of the service's type.</param>
    /// <param name="service">What to ask the attempt's scope for.</param>
    /// <param name="create">Makes an instance when the scope has none.</param>
    [UnconditionalSuppressMessage(
        "Trimming", "IL2075", Justification = "The return type is Task<T>, whose Result this assembly uses, so that it is kept.")]
    public MethodActivityDescriptor(ActivityMethod method, Type service, Func<IServiceProvider?, object> create)
        : base(method.Name, method.Defaults, method.Method)
    {
        _method = method;
        _service = service;
        _create = create;
        _invoker = MethodInvoker.Create(method.Method);
        _result = method.Method.ReturnType.GetProperty(nameof(Task<>.Result));
    }

    public override bool NeedsServices => true;

    public override void CheckInput(ReadOnlyMemory<byte> input, PayloadCodec codec)
    {
        try
        {
            ReadArguments(input, codec);
        }
        catch (UndecodablePayloadException error)
        {
            throw new InputValidationException(
                $"The input does not fit the activity '{Name}': {error.Problem} (at {error.Path}).", error.Path, error.Problem);
        }
    }

    public override async Task<ReadOnlyMemory<byte>> InvokeAsync(AttemptScope scope, ReadOnlyMemory<byte> input, PayloadCodec codec)
    {
        object?[] arguments = ReadArguments(input, codec);
        object target = scope.Services?.GetService(_service) ?? _create(scope.Services);
        var task = (Task?)_invoker.Invoke(target, FillParameters(scope, arguments))
            ?? throw new InvalidOperationException($"The activity '{Name}' returned null instead of a task.");
        await task;
        return _result is null ? PayloadCodec.Null : codec.Serialize(_result.GetValue(task), _method.ResultType);
    }

    private object?[] FillParameters(AttemptScope scope, object?[] arguments)
    {
        var parameters = new object?[_method.ParameterCount];
        int next = 0;
        for (int i = 0; i < parameters.Length; i++)
        {
            Type type = _method.ParameterType(i);
            parameters[i] = ActivityMethod.IsArgument(type) ? arguments[next++] : type == typeof(StepInfo) ? scope.Info : scope.Token;
        }
        return parameters;
    }

    private object?[] ReadArguments(ReadOnlyMemory<byte> input, PayloadCodec codec)
    {
        ParameterInfo[] expected = _method.Arguments;
        switch (expected.Length)
        {
            case 0:
                codec.Deserialize<Unit>(input.Span);
                return [];
            case 1:
                return [codec.Deserialize(input.Span, expected[0].ParameterType)];
        }

        List<ReadOnlyMemory<byte>> elements = JsonArrayReader.Split(input);
        if (elements.Count > expected.Length)
            throw Mismatch($"it has {elements.Count} arguments; {expected.Length} are expected");
        var arguments = new object?[expected.Length];
        for (int i = 0; i < arguments.Length; i++)
        {
            if (i < elements.Count) arguments[i] = codec.Deserialize(elements[i].Span, expected[i].ParameterType);
            else if (expected[i].HasDefaultValue) arguments[i] = expected[i].DefaultValue;
            else throw Mismatch($"the argument '{expected[i].Name}' is missing");
        }
        return arguments;
    }

    private UndecodablePayloadException Mismatch(string problem) =>
        new($"The input does not fit the activity '{Name}': {problem}.", "$", problem);
}
