// One target at a time: what a target allocates is measured for the whole process.
[assembly: Xunit.CollectionBehavior(DisableTestParallelization = true)]
