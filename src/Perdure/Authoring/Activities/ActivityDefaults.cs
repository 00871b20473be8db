namespace Perdure.Authoring;

/// <summary>What an activity's definition or attribute says; a call's own options win over it.</summary>
internal sealed record ActivityDefaults(ActivityOptions Options);
