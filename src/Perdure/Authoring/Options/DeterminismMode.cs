namespace Perdure;

/// <summary>How closely a replay is compared with the recorded history. A mismatch blocks the run.</summary>
public enum DeterminismMode
{
    /// <summary>Number, kind and name of each operation, and the input of activities. The default.</summary>
    Default = 0,

    /// <summary>Like <see cref="Default"/>, but inputs are not compared.</summary>
    Relaxed = 1,

    /// <summary>Like <see cref="Default"/>; also, code that ends with recorded operations left over blocks the run.</summary>
    Strict = 2,
}
