namespace Perdure.Simulation;

/// <summary>Bugs that are planted on purpose, one at a time: each must be found.</summary>
internal enum Defect
{
    None,
}
