using System.Text.Json.Serialization;
using Perdure.Files.Folders;
using Perdure.Files.Inbox;

namespace Perdure.Files.Rows;

/// <summary>The documents, requests and answers, known at compile time.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true, WriteIndented = true, MaxDepth = 256,
    Converters = [typeof(InstantConverter), typeof(PayloadConverter)])]
[JsonSerializable(typeof(FormatDocument))]
[JsonSerializable(typeof(CountersDocument))]
[JsonSerializable(typeof(RunDocument))]
[JsonSerializable(typeof(StartKeyDocument))]
[JsonSerializable(typeof(StepDocument))]
[JsonSerializable(typeof(HookDocument))]
[JsonSerializable(typeof(TurnsDocument))]
[JsonSerializable(typeof(InstallationDocument))]
[JsonSerializable(typeof(QueuesDocument))]
[JsonSerializable(typeof(WorkerDocument))]
[JsonSerializable(typeof(OwnerNote))]
[JsonSerializable(typeof(Request))]
[JsonSerializable(typeof(Answer))]
internal sealed partial class StoreJsonTypes : JsonSerializerContext;
