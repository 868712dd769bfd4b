using Recs.Contracts.Registry;
using Recs.Training.Artifacts;
using Recs.Training.Numerics;

namespace Recs.Training.Tests.Artifacts;

public sealed class ArtifactStoreTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly ArtifactStore _store;

    public ArtifactStoreTests() => _store = new(_folder.Path);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void What_was_put_is_what_is_opened()
    {
        using var files = _store.Open(PutExample().ContentHash);
        files.FormatVersion.ShouldBe(3);
        files.Ids("ids").ShouldBe(["a+b", "c"]);
        files.Section<int>("numbers").ToArray().ShouldBe([1, 2, 3]);
        var w = files.Section<float>("w");
        w.Length.ShouldBe(2 * Matrix.StrideFor(3));
        w[Matrix.StrideFor(3) + 1].ShouldBe(7);
        w[3].ShouldBe(0); // padding
    }

    [Fact]
    public void The_same_content_has_the_same_address_and_is_stored_once()
    {
        PutExample().ContentHash.ShouldBe(PutExample().ContentHash);
        Directory.GetDirectories(Path.Combine(_folder.Path, "content")).Length.ShouldBe(1);
        Directory.GetDirectories(_folder.Path, "tmp-*").ShouldBeEmpty();
    }

    [Fact]
    public void The_model_file_has_these_bytes_for_ever() => PutExample().ContentHash.ShouldBe("d395204e9ac12e5850fd9c47785ccc73bcea87539538af265c3ad1c546c6402b");

    [Fact]
    public void Any_altered_byte_is_found_and_the_file_named()
    {
        var hash = PutExample().ContentHash;
        var path = _store.PathOf(hash);
        var bytes = File.ReadAllBytes(path);
        for (var at = 0; at < bytes.Length; at += 7)
        {
            bytes[at] ^= 1;
            File.WriteAllBytes(path, bytes);
            Should.Throw<DamagedArtifactException>(() => _store.Open(hash)).Message.ShouldContain(path);
            bytes[at] ^= 1;
        }

        File.WriteAllBytes(path, bytes);
        _store.Open(hash).Dispose();
    }

    [Fact]
    public void A_section_s_own_digest_finds_damage_too()
    {
        var path = _store.PathOf(PutExample().ContentHash);
        var bytes = File.ReadAllBytes(path);
        bytes[^1] ^= 1;
        File.WriteAllBytes(path, bytes);
        Should.Throw<DamagedArtifactException>(() => ArtifactFiles.Open(path)).Message.ShouldContain("section 'w'");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(20)]
    [InlineData(100)]
    [InlineData(400)]
    public void A_file_that_was_cut_short_is_damaged(int length)
    {
        var path = _store.PathOf(PutExample().ContentHash);
        File.WriteAllBytes(path, File.ReadAllBytes(path)[..length]);
        Should.Throw<DamagedArtifactException>(() => ArtifactFiles.Open(path));
    }

    [Fact]
    public void A_file_that_is_cut_short_or_overwritten_under_an_open_model_changes_nothing()
    {
        var numbers = Enumerable.Range(0, 100_000).ToArray(); // many pages of the system
        using var artifact = new Artifact("example", 1).Add("numbers", (ReadOnlySpan<int>)numbers);
        var hash = _store.Put(artifact).ContentHash;
        using var files = _store.Open(hash);
        using (var file = new FileStream(_store.PathOf(hash), FileMode.Open, FileAccess.Write))
        {
            file.Write(new byte[300]);
            file.SetLength(300);
        }

        files.Section<int>("numbers").SequenceEqual(numbers).ShouldBeTrue();
        Should.Throw<DamagedArtifactException>(() => _store.Open(hash));
    }

    [Fact]
    public void A_last_section_may_be_empty()
    {
        using var artifact = new Artifact("example", 1).Add("numbers", (ReadOnlySpan<int>)[1]).Add("ids", []);
        using var stored = _store.Open(_store.Put(artifact).ContentHash);
        using var inMemory = ArtifactFiles.InMemory(artifact);
        foreach (var files in new[] { stored, inMemory })
        {
            files.Ids("ids").ShouldBeEmpty();
            files.Section<int>("numbers").ToArray().ShouldBe([1]);
        }

        inMemory.Bytes.ShouldBe(stored.Bytes);
    }

    [Fact]
    public void A_missing_file_is_damage_and_a_missing_folder_is_not_found()
    {
        var hash = PutExample().ContentHash;
        File.Delete(_store.PathOf(hash));
        Should.Throw<DamagedArtifactException>(() => _store.Open(hash)).Message.ShouldContain("missing");
        Should.Throw<ArtifactNotFoundException>(() => _store.Open(new string('0', 64)));
        Should.Throw<ArgumentException>(() => _store.Open("../" + hash));
    }

    [Fact]
    public void Putting_a_damaged_content_again_mends_it()
    {
        var hash = PutExample().ContentHash;
        File.WriteAllText(_store.PathOf(hash), "rubbish");
        PutExample();
        _store.Open(hash).Dispose();
    }

    [Fact]
    public void A_fit_that_breaks_off_while_writing_leaves_nothing_visible()
    {
        using var artifact = new Artifact("example", 1).Add("numbers", (ReadOnlySpan<int>)[1]).Add("w", Disposed());
        Should.Throw<ObjectDisposedException>(() => _store.Put(artifact));
        Directory.GetFileSystemEntries(_folder.Path).ShouldBeEmpty();
    }

    [Fact]
    public void Names_tell_the_version_and_the_latest()
    {
        _store.Name(Version(2));
        _store.Name(Version(1)); // an older one that was reproduced later
        File.ReadAllText(Path.Combine(_folder.Path, "example", "latest.txt")).ShouldBe("v0.2\n");
        File.ReadAllText(Path.Combine(_folder.Path, "example", "v0.1", "meta.json")).ShouldContain("\"example-v0.1\"");
    }

    private static ModelTrained Version(int n)
        => new("t", "example", $"example-v0.{n}", "hash", "s1", "sha", 1, new Dictionary<string, string>(), 1, 1, "rev", false, [], 0, 0, DateTimeOffset.UnixEpoch);

    private static Matrix Disposed()
    {
        var matrix = new Matrix(2, 2);
        matrix.Dispose();
        return matrix;
    }

    private StoredArtifact PutExample()
    {
        var matrix = new Matrix(2, 3);
        matrix[1, 1] = 7;
        using var artifact = new Artifact("example", 3).Add("ids", ["a+b", "c"]).Add("numbers", (ReadOnlySpan<int>)[1, 2, 3]).Add("w", matrix);
        return _store.Put(artifact);
    }
}
