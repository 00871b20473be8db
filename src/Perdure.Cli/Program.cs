using Perdure.Cli.Commands;

return await CommandLine.RunAsync(args);
