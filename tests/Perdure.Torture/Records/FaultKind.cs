namespace Perdure.Torture.Records;

/// <summary>Kinds of faults.</summary>
internal enum FaultKind
{
    /// <summary>A worker was killed.</summary>
    Kill,

    /// <summary>A worker was frozen for longer than its lease.</summary>
    Freeze,

    /// <summary>A worker was asked to stop.</summary>
    Terminate,

    /// <summary>A worker died without the driver: a body killed it.</summary>
    Died,

    /// <summary>A client was killed.</summary>
    KillClient,

    /// <summary>The database was locked by another program.</summary>
    Lock,

    /// <summary>The server was stopped as by a crash, and started again.</summary>
    Restart,

    /// <summary>The server ended all sessions.</summary>
    TerminateSessions,

    /// <summary>All connections to the server were reset by the network.</summary>
    Cut,
}
