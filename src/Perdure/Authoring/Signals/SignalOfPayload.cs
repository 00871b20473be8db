using Perdure.Authoring;

namespace Perdure;

/// <summary>
/// A named message to a run: shared by the workflow that waits for it and the client that sends it. Immutable and thread-safe.
/// </summary>
/// <typeparam name="T">The payload's type. <see cref="System.Text.Json.JsonElement"/> takes anything.</typeparam>
/// <param name="name">The signal's name, 1 to 255 characters, case-sensitive.</param>
/// <exception cref="InvalidOptionException">The name breaks the rule for names.</exception>
/// <example><code>public static readonly Signal&lt;Approval&gt; Approved = new("approved");</code></example>
public sealed class Signal<T>(string name) : Signal(name)
{
    internal override Type PayloadType => typeof(T);

    internal override object? Decode(PayloadCodec codec, ReadOnlySpan<byte> payload) => codec.Deserialize<T>(payload);
}
