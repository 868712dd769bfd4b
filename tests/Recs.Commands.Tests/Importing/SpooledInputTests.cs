using System.Diagnostics;
using System.Text;
using Recs.Commands.Importing;

namespace Recs.Commands.Tests.Importing;

public sealed class SpooledInputTests
{
    [Fact]
    public async Task Standard_input_is_copied_and_the_copy_is_deleted_afterwards()
    {
        using var folder = new ImportFolder();
        using (var input = await OpenAsync("-", folder))
        {
            File.ReadAllText(input.Path).ShouldBe("from standard input");
            Path.GetFileName(input.Path).ShouldBe("stdin");
        }
        Directory.GetFileSystemEntries(folder.File("spool")).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_file_and_a_folder_are_read_where_they_are()
    {
        using var folder = new ImportFolder().WithUtf8("log.csv", "a,b,4,1");

        foreach (var path in new[] { folder.Path, folder.File("log.csv") })
            using (var input = await OpenAsync(path, folder)) input.Path.ShouldBe(path);

        File.Exists(folder.File("log.csv")).ShouldBeTrue();
    }

    [Fact]
    public async Task A_pipe_with_a_writer_is_copied_under_its_name()
    {
        using var folder = new ImportFolder();
        await MakePipeAsync(folder.File("pipe"));
        var writing = Task.Run(() => File.WriteAllTextAsync(folder.File("pipe"), "from a pipe"));

        using var input = await OpenAsync(folder.File("pipe"), folder);

        await writing;
        (Path.GetFileName(input.Path), File.ReadAllText(input.Path)).ShouldBe(("pipe", "from a pipe"));
    }

    [Fact]
    public async Task A_pipe_that_nobody_writes_to_is_one_clear_error()
    {
        using var folder = new ImportFolder();
        await MakePipeAsync(folder.File("pipe"));

        var error = await Should.ThrowAsync<ImportInputException>(() => OpenAsync(folder.File("pipe"), folder, TimeSpan.FromMilliseconds(50)));

        error.Message.ShouldContain("is a pipe that nobody has written to");
        await File.WriteAllTextAsync(folder.File("pipe"), ""); // lets the thread go that waits
    }

    [Fact]
    public async Task What_is_not_there_is_named()
    {
        using var folder = new ImportFolder();

        (await Should.ThrowAsync<ImportInputException>(() => OpenAsync(folder.File("none"), folder))).Message.ShouldContain("none: there is no such file or folder");
    }

    private static Task<SpooledInput> OpenAsync(string path, ImportFolder folder, TimeSpan? patience = null)
        => SpooledInput.OpenAsync(path, () => new MemoryStream(Encoding.UTF8.GetBytes("from standard input")), folder.File("spool"), patience ?? TimeSpan.FromSeconds(30), default);

    private static async Task MakePipeAsync(string path)
    {
        using var made = Process.Start("mkfifo", path);
        await made.WaitForExitAsync();
        made.ExitCode.ShouldBe(0);
    }
}
