using System.Diagnostics;
using Recs.Training.Fitting;
using Recs.Training.Numerics;

namespace Recs.Training.Tests.Numerics;

public class InstructionSetTests
{
    [Fact]
    public void An_unknown_name_is_refused_with_the_names_there_are() =>
        Should.Throw<ArgumentException>(() => InstructionSets.Choose("sse")).Message.ShouldContain("avx512, avx2 or plain");

    [Fact]
    public void Without_an_override_the_best_supported_set_is_chosen() => InstructionSets.Choose("").ShouldBe(InstructionSets.Supported[^1]);

    [Fact]
    public async Task A_process_with_fewer_instructions_fits_the_same_bytes_of_every_model()
    {
        var all = await FitAsync([]);
        var without512 = await FitAsync([("DOTNET_EnableAVX512", "0")]);
        var without2 = await FitAsync([("DOTNET_EnableAVX2", "0")]);
        var withoutAny = await FitAsync([("DOTNET_EnableHWIntrinsic", "0")]);
        var told = await FitAsync([(InstructionSets.Variable, "plain")]);
        new[] { without512.Hashes, without2.Hashes, withoutAny.Hashes, told.Hashes }.ShouldAllBe(hashes => hashes == all.Hashes);
        all.Hashes.Split(' ').Length.ShouldBe(Recommenders.All.Count);
        without512.Isa.ShouldNotBe("Avx512");
        new[] { without2.Isa, withoutAny.Isa, told.Isa }.ShouldAllBe(isa => isa == "Plain");
    }

    private static async Task<(string Isa, string Hashes)> FitAsync((string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo("dotnet", [typeof(InstructionSetTests).Assembly.Location]) { RedirectStandardOutput = true };
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        using var child = Process.Start(start)!;
        var output = await child.StandardOutput.ReadToEndAsync();
        await child.WaitForExitAsync();
        child.ExitCode.ShouldBe(0);
        var words = output.Split(' ', 2);
        return (words[0], words[1]);
    }
}
