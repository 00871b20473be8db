using Perdure.Torture.Adapter;
using Perdure.Torture.Adapter.Commands;

// One executable, driven by a harness that starts, kills and freezes it. Standard output carries only what the protocol says.
const int UnknownCommand = 64;

switch (args is [var command] ? command : "")
{
    case "caps":
        return CapsCommand.Run();
    case "init":
        return await InitCommand.RunAsync(AdapterSettings.FromEnvironment());
    case "client":
        return await ClientCommand.RunAsync(AdapterSettings.FromEnvironment());
    case "worker":
        return await WorkerCommand.RunAsync(AdapterSettings.FromEnvironment());
    case "dump":
        return await DumpCommand.RunAsync(AdapterSettings.FromEnvironment());
    case "fsck":
        return await FsckCommand.RunAsync(AdapterSettings.FromEnvironment());
    default:
        await Console.Error.WriteLineAsync("Say one of: caps, init, client, worker, dump, fsck.");
        return UnknownCommand;
}
