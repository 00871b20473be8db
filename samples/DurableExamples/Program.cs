using Perdure.Samples.Durable;
using Perdure.Storage;

(string Name, string Summary, Func<Task> ShowAsync)[] examples =
[
    ("basic", "three steps, and the history that they leave", Basic.ShowAsync),
    ("storage", "an order that outlives its engine, in one SQLite file; --db FILE to do it in two processes", Storage.ShowAsync),
    ("files", "an order in a folder of plain files", Files.ShowAsync),
    ("retries", "a service that fails twice, and one that will never do", Retries.ShowAsync),
    ("longrunning", "thirty days of sleep without a process, resumed by hand", LongRunning.ShowAsync),
    ("eventlog", "every event of three runs", EventLog.ShowAsync),
    ("idempotency", "starts and calls that happen once, however often they are made", Idempotency.ShowAsync),
    ("hooks", "a callback that whoever has its token answers, once", Hooks.ShowAsync),
    ("cancellation", "an order that gives back what it took", Cancellation.ShowAsync),
];

switch (args)
{
    case [] or ["--help" or "-h"]:
        List(Console.Out);
        return 0;
    case ["storage", "--db", { Length: > 0 } database]:
        try
        {
            await Storage.ShowAsync(database);
            return 0;
        }
        catch (StoreException error)
        {
            return Refuse(error.Message);
        }
    case ["storage", "--db"] or ["storage", "--db", ""]:
        return Refuse("--db needs a file name.");
}

var (name, _, showAsync) = Array.Find(examples, example => example.Name == args[0]);
if (name is null) return Refuse($"There is no example '{args[0]}'.");
if (args.Length > 1) return Refuse($"The example '{name}' does not take '{string.Join(' ', args[1..])}'.");
await showAsync();
return 0;

int Refuse(string why)
{
    Console.Error.WriteLine(why);
    List(Console.Error);
    return 2;
}

void List(TextWriter output)
{
    output.WriteLine("Usage: DurableExamples EXAMPLE");
    output.WriteLine();
    foreach (var (name, summary, _) in examples) output.WriteLine($"  {name,-13} {summary}");
}
