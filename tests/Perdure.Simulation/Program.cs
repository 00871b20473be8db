using Perdure.Simulation;
using Perdure.Worker;

var planner = new CalmPlanner(new SimRandom(7));
var cluster = new Cluster(1, planner, verbose: true);
cluster.StartNode(new WorkerSettings());
var client = cluster.AddClient();
client.Do(new StartOp { Run = "a", Program = Act.Then(Act.Step("x"), Act.Step("y"), Act.Step("z")) });
var done = cluster.World.Run(() => client.IsIdle && cluster.Tap.Runs.Count == 1 && cluster.Tap.Runs.All(r => r.ClosedOrder > 0), TimeSpan.FromMinutes(1).Ticks);
foreach (var line in cluster.World.Trace.Lines) Console.WriteLine(line);
Console.WriteLine($"{done} {cluster.World.Violation} {cluster.World.Trace.Hash:x}");
