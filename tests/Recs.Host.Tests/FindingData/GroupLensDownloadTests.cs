using System.Diagnostics.CodeAnalysis;
using System.IO.Compression;
using System.Net;
using System.Security.Cryptography;
using Recs.Host.FindingData;
using Shouldly;
using Xunit;

namespace Recs.Host.Tests.FindingData;

public sealed class GroupLensDownloadTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory().FullName;
    private static readonly Progress<(long, long)> Nowhere = new();

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task the_archive_is_checked_and_unpacked()
    {
        var archive = Zip("ml-1m/ratings.dat", "1::2::3::4\n");
        await using var site = await SiteAsync(archive, Sum(archive));
        var found = await Download(site, Sum(archive)).RunAsync(folder, Nowhere, default);
        found.ShouldBe(Path.Combine(folder, "ml-1m"));
        DataFolder.Find(folder).ShouldBe(found);
        (await File.ReadAllTextAsync(Path.Combine(found, "ratings.dat"))).ShouldBe("1::2::3::4\n");
    }

    [Fact]
    public async Task an_altered_archive_leaves_nothing_behind()
    {
        var archive = Zip("ml-1m/ratings.dat", "1::2::3::4\n");
        var sum = Sum(archive);
        archive[^1] ^= 1;
        await using var site = await SiteAsync(archive, sum);
        (await Should.ThrowAsync<DownloadException>(() => Download(site, sum).RunAsync(folder, Nowhere, default))).Message.ShouldContain(sum);
        Directory.EnumerateFileSystemEntries(folder).ShouldBeEmpty();
    }

    [Fact]
    public async Task another_published_sum_is_refused_before_the_download()
    {
        await using var site = await SiteAsync([], "00000000000000000000000000000000");
        (await Should.ThrowAsync<DownloadException>(() => Download(site, GroupLensDownload.Md5).RunAsync(folder, Nowhere, default))).Message.ShouldContain("another sum");
    }

    [Fact]
    public async Task without_a_network_it_says_so()
    {
        using var http = new HttpClient();
        var nowhere = new GroupLensDownload(http, new Uri("http://127.0.0.1:1/"), GroupLensDownload.Md5);
        (await Should.ThrowAsync<DownloadException>(() => nowhere.RunAsync(folder, Nowhere, default))).Message.ShouldContain("cannot be had");
    }

    [Fact]
    public void movielens_1m_is_preferred_among_the_sets_that_lie_ready()
    {
        foreach (var (name, file) in new[] { ("a", "ratings.csv"), ("ml-1m", "ratings.dat"), ("z", "notes.txt") })
        {
            Directory.CreateDirectory(Path.Combine(folder, name));
            File.WriteAllText(Path.Combine(folder, name, file), "");
        }
        DataFolder.Find(folder).ShouldBe(Path.Combine(folder, "ml-1m"));
        Directory.Delete(Path.Combine(folder, "ml-1m"), recursive: true);
        DataFolder.Find(folder).ShouldBe(Path.Combine(folder, "a"));
        DataFolder.Find(Path.Combine(folder, "z")).ShouldBeNull();
    }

    private static GroupLensDownload Download(WebApplication site, string md5) => new(new HttpClient(), new Uri(site.Urls.First() + "/"), md5);

    private static async Task<WebApplication> SiteAsync(byte[] archive, string sum)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var site = builder.Build();
        site.MapGet("/ml-1m.zip", () => Results.Bytes(archive));
        site.MapGet("/ml-1m.zip.md5", () => $"MD5 (ml-1m.zip) = {sum}");
        await site.StartAsync();
        return site;
    }

    [SuppressMessage("Security", "CA5351", Justification = "The sum that GroupLens publishes is an MD5.")]
    private static string Sum(byte[] bytes) => Convert.ToHexStringLower(MD5.HashData(bytes));

    private static byte[] Zip(string name, string text)
    {
        using var bytes = new MemoryStream();
        using (var zip = new ZipArchive(bytes, ZipArchiveMode.Create))
        using (var writer = new StreamWriter(zip.CreateEntry(name).Open()))
            writer.Write(text);
        return bytes.ToArray();
    }
}
