namespace Perdure.Bench.Engines;

/// <summary>Where the database of a case is.</summary>
/// <param name="Backend">What kind it is.</param>
/// <param name="Address">Path of the file or folder, or connection string.</param>
internal sealed record Place(Backend Backend, string Address)
{
    /// <summary>As arguments of a child process.</summary>
    public string[] Arguments => ["--store", Backend.Text(), "--db", Address];
}
