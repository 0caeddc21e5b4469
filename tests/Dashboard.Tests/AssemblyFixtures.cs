using Actors.Dashboard.Tests;
using Xunit;

[assembly: AssemblyFixture(typeof(Chromium))]
