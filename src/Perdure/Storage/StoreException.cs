namespace Perdure.Storage;

/// <summary>What is known about a store call that did not succeed. It decides what the engine does next.</summary>
public enum StoreFault
{
    /// <summary>Certainly rolled back; the same call may succeed later (busy, connection refused, serialization failure).</summary>
    Transient,
    /// <summary>It may have been committed: the answer was lost. Must be resolved before anything else is done.</summary>
    Unknown,
    /// <summary>Certainly rolled back, and some item of it can never be stored (too large, refused by a constraint).</summary>
    Data,
    /// <summary>Certainly rolled back; the store cannot take writes until somebody acts (disk full, read-only file).</summary>
    Unwritable,
    /// <summary>The database is damaged. Nothing more is written to it.</summary>
    Corrupt,
    /// <summary>The schema is missing, too old or too new for this build.</summary>
    Schema,
    /// <summary>Another process owns the data, and this store has room for one worker process only.</summary>
    InUse,
}

/// <summary>
/// A store call failed. <see cref="Fault"/> says what that means for the caller; the message names the store, what it was asked to do and what
/// would help.
/// </summary>
public sealed class StoreException : Exception
{
    /// <summary>Creates the exception.</summary>
    public StoreException(StoreFault fault, string message, Exception? inner = null) : base(message, inner) => Fault = fault;

    /// <summary>What is known about the call.</summary>
    public StoreFault Fault { get; }

    /// <summary>Searchable code, <c>PERD13xx</c>.</summary>
    public string Code => "PERD13" + ((int)Fault + 1).ToString("00", System.Globalization.CultureInfo.InvariantCulture);
}
