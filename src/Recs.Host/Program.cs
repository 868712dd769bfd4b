using Recs.Host.CommandLine;
using Recs.Host.Reporting;

return await RecsCommandLine.RunAsync(args, Terminal.OfProcess());
