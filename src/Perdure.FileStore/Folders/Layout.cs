using System.Globalization;

namespace Perdure.Files.Folders;

/// <summary>Where everything stands, relative to the root. Names of runs and start keys are escaped.</summary>
internal static class Layout
{
    /// <summary>Says which version of this layout the folder has.</summary>
    public const string Format = "store.json";

    /// <summary>The last keys that were given to runs and workers.</summary>
    public const string Counters = ".state/counters.json";

    /// <summary>When each turn was taken last.</summary>
    public const string Turns = ".state/turns.json";

    /// <summary>What the installation keeps for all processes: the secret of hooks.</summary>
    public const string Installation = ".state/installation.json";

    /// <summary>What holds queues back.</summary>
    public const string Queues = ".state/queues.json";

    public const string Runs = "runs";
    public const string Events = "events";
    public const string Steps = "steps";
    public const string Hooks = "hooks";
    public const string Inbox = "inbox";
    public const string Keys = "keys";
    public const string Workers = ".state/workers";
    public const string Journal = ".journal";
    public const string Locks = ".locks";

    /// <summary>Locked by the process that owns the folder, for as long as it lives.</summary>
    public const string OwnerLock = ".locks/owner.lock";

    /// <summary>Who that is, for people to read.</summary>
    public const string OwnerNote = ".locks/owner.json";

    public static readonly IReadOnlyList<string> Folders = [Runs, Events, Steps, Hooks, Inbox, Keys, ".state", Workers, Journal, Locks];

    public static string Run(string id) => $"{Runs}/{FileName.Of(id)}.json";

    public static string EventsOf(string id) => $"{Events}/{FileName.Of(id)}.jsonl";

    /// <summary>A folder for each run.</summary>
    public static string StepsOf(string id) => $"{Steps}/{FileName.Of(id)}";

    public static string Step(string id, int operation, string name) =>
        string.Create(CultureInfo.InvariantCulture, $"{StepsOf(id)}/{operation:D4}-{FileName.Of(name)}.json");

    /// <summary>A folder for each run that has made hooks.</summary>
    public static string HooksOf(string id) => $"{Hooks}/{FileName.Of(id)}";

    public static string Hook(string id, int operation, string name) =>
        string.Create(CultureInfo.InvariantCulture, $"{HooksOf(id)}/{operation:D4}-{FileName.Of(name)}.json");

    public static string StartKey(string startKey) => $"{Keys}/{FileName.Of(startKey)}.json";

    public static string Worker(long key) => string.Create(CultureInfo.InvariantCulture, $"{Workers}/{key}.json");
}
