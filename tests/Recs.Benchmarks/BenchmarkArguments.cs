namespace Recs.Benchmarks;

/// <summary>What to measure, on what, and where the report goes.</summary>
/// <param name="Which">append, rebuild, serve, train or all.</param>
/// <param name="Data">Folder of a data set, for the benchmarks that are better with a real one; null for simulated data.</param>
/// <param name="Db">A server to use instead of a private one.</param>
/// <param name="Json">File, or <c>-</c> for standard output; null for no JSON.</param>
/// <param name="Models">For <c>train</c> and <c>scale</c>: recommenders, separated by commas; null for all.</param>
/// <param name="Sizes">For <c>scale</c>: millions of ratings, whole numbers separated by commas; null for 1, 5 and 20, or for 1 alone among all other benchmarks.</param>
public sealed record BenchmarkArguments(string Which, string? Data, string? Db, string? Json, string? Models = null, string? Sizes = null)
{
    /// <summary>Reads the command line; null and what is wrong with it if it cannot be read.</summary>
    public static BenchmarkArguments? Parse(string[] args, out string trouble)
    {
        trouble = "";
        var which = "all";
        Dictionary<string, string?> options = new() { ["--data"] = null, ["--db"] = null, ["--json"] = null, ["--models"] = null, ["--sizes"] = null };
        for (var i = 0; i < args.Length; i++)
            if (options.ContainsKey(args[i]) && i + 1 < args.Length)
                options[args[i]] = args[++i];
            else if (i == 0 && BenchmarkSuites.Of(args[0]).Count > 0)
                which = args[0];
            else
            {
                trouble = $"bench does not know '{args[i]}'. It takes one of {BenchmarkSuites.Names}, --data DIR, --db URL and --json FILE|-; train and scale take --models A,B and scale --sizes 1,5,20 too.";
                return null;
            }
        if (options["--data"] is { } data && !Directory.Exists(data))
        {
            trouble = $"--data '{data}' is not a folder.";
            return null;
        }
        return new(which, options["--data"], options["--db"], options["--json"], options["--models"], options["--sizes"]);
    }
}
