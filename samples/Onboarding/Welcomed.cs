namespace Perdure.Samples.Onboarding;

/// <summary>How it went.</summary>
internal sealed record Welcomed(bool Ok, int Score);
