using Actors.Benchmarks;

return await BenchmarkVerbs.RunAsync(args);
