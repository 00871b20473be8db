namespace Perdure.Cli.Output;

/// <summary>A copy that was made.</summary>
/// <param name="Store">Of which store.</param>
/// <param name="Copy">What it is.</param>
internal sealed record BackUpAnswer(string Store, string Copy);
