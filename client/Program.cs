using Actors.Client;

using Terminal terminal = Terminal.OfProcess();
return await ActorsCommand.RunAsync(args, terminal, TimeProvider.System, CancellationToken.None);
