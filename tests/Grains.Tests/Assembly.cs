using Actors.TestKit.Servers;
using Xunit;

[assembly: AssemblyFixture(typeof(SharedPostgres))]
