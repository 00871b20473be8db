namespace Perdure.Samples.Onboarding;

/// <summary>What the program is asked to do.</summary>
internal enum Command
{
    /// <summary>Run the workflow that looks after an hour.</summary>
    Look,

    /// <summary>Run the workflow that waits for the click.</summary>
    Signal,

    /// <summary>Be the web site: tell the run, which may be in another process, of the click.</summary>
    Click,
}
