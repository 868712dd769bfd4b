using System.Diagnostics.CodeAnalysis;
using System.IO.Compression;
using System.Security.Cryptography;

namespace Recs.Host.FindingData;

/// <summary>Fetches MovieLens 1M from where its makers publish it; its terms do not let anybody else pass it on.</summary>
/// <param name="http">Client.</param>
/// <param name="site">Folder that holds the archive and, beside it, its checksum.</param>
/// <param name="md5">Sum that the archive is known to have, in lower-case hex digits.</param>
internal sealed class GroupLensDownload(HttpClient http, Uri site, string md5)
{
    /// <summary>Folder inside the archive, and the name of the data set.</summary>
    public const string Name = "ml-1m";
    /// <summary>Where GroupLens publishes it.</summary>
    public static readonly Uri Site = new("https://files.grouplens.org/datasets/movielens/");
    /// <summary>The sum that GroupLens has published since 2003.</summary>
    public const string Md5 = "c4d9eecfca2ab87c1945afe126590906";

    private static readonly TimeSpan Greeting = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(20);

    /// <summary>Downloads, checks and unpacks.</summary>
    /// <param name="folder">Folder in which <c>ml-1m</c> shall be; a half-done download never bears that name.</param>
    /// <param name="progress">Bytes done and to do.</param>
    /// <param name="cancel">Stops.</param>
    /// <returns>The data set's folder.</returns>
    /// <exception cref="DownloadException">No network, another sum, a broken archive; the message says which.</exception>
    [SuppressMessage("Security", "CA5351", Justification = "MD5 is the sum that GroupLens publishes; it guards against damage, HTTPS against forgery.")]
    public async Task<string> RunAsync(string folder, IProgress<(long Done, long Total)> progress, CancellationToken cancel)
    {
        var unpacked = Path.Combine(folder, Name + ".part");
        try
        {
            await CheckPublishedSumAsync(cancel);
            Directory.CreateDirectory(folder);
            using var archive = new MemoryStream();
            await FetchAsync(archive, progress, cancel);
            var found = Convert.ToHexStringLower(MD5.HashData(archive.GetBuffer().AsSpan(0, (int)archive.Length)));
            if (found != md5) throw new DownloadException($"{Archive} has the sum {found}, expected {md5}.");
            if (Directory.Exists(unpacked)) Directory.Delete(unpacked, recursive: true);
            ZipFile.ExtractToDirectory(archive, unpacked);
            Directory.Move(Path.Combine(unpacked, Name), Path.Combine(folder, Name));
            return Path.Combine(folder, Name);
        }
        catch (Exception e) when (e is HttpRequestException or IOException or InvalidDataException or UnauthorizedAccessException or TimeoutException
            || (e is OperationCanceledException && !cancel.IsCancellationRequested))
        {
            throw new DownloadException($"{Archive} cannot be had: {(e is OperationCanceledException ? "no answer" : e.Message)}", e);
        }
        finally
        {
            if (Directory.Exists(unpacked)) Directory.Delete(unpacked, recursive: true);
        }
    }

    private Uri Archive => new(site, Name + ".zip");

    private async Task CheckPublishedSumAsync(CancellationToken cancel)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        patience.CancelAfter(Greeting);
        var text = await http.GetStringAsync(new Uri(site, Name + ".zip.md5"), patience.Token);
        if (!text.Contains(md5, StringComparison.OrdinalIgnoreCase))
            throw new DownloadException($"{Archive} is published with another sum than {md5}: it may be another edition. Check it, and pass its folder with --data.");
    }

    private async Task FetchAsync(MemoryStream archive, IProgress<(long Done, long Total)> progress, CancellationToken cancel)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        patience.CancelAfter(Silence);
        using var response = await http.GetAsync(Archive, HttpCompletionOption.ResponseHeadersRead, patience.Token);
        response.EnsureSuccessStatusCode();
        await using var body = await response.Content.ReadAsStreamAsync(patience.Token);
        var buffer = new byte[1 << 16];
        for (int read; (read = await body.ReadAsync(buffer, patience.Token)) > 0;)
        {
            archive.Write(buffer, 0, read);
            patience.CancelAfter(Silence); // as long as something comes, it may go on
            progress.Report((archive.Length, response.Content.Headers.ContentLength ?? archive.Length));
        }
        archive.Position = 0;
    }
}

/// <summary>The data set could not be downloaded.</summary>
internal sealed class DownloadException(string message, Exception? inner = null) : Exception(message, inner);
