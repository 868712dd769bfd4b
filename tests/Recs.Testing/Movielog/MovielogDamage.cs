using System.Text;

namespace Recs.Testing.Movielog;

/// <summary>The ways in which lines of a movielog are damaged, each with the reason for which it must be rejected.</summary>
internal static class MovielogDamage
{
    private static readonly string[] BadUsers = ["2v18378", " 298355", "298355 ", "-17", "", "12.5", "user7"];
    private static readonly string[] BadMovies = ["xqzpt", "the matrix 1999", "a+b\u00e9+1999", "", "the+matrix+1999|2"];
    private static readonly string[] BadRatings = ["15", "-3", "0", "6", "4.5", "five", " 4"];
    private static readonly string[] BadMinutes = ["-5", "1441", "abc", "99999999999999", "12.5", ""];
    private static readonly string[] BadTimes =
        ["2023-13-25T07:20:57", "2023-02-30T07:20:57", "2023-10-25T24:20:57", "2023-10-25 07:20:57", "2023-10-25T07:20:57Z", "2023-10-25T07:20:57.1234567890", "25.10.2023", "", "1023-10-25T07:20:57"];
    private static readonly string[] Exceptions =
        ["java.net.ConnectException: Connection refused", "java.net.SocketTimeoutException: Read timed out, after 3 attempts", "Internal Server Error"];

    /// <summary>Damages a line.</summary>
    /// <param name="random">Chooses how.</param>
    /// <param name="form">w, r or s: watch, rating, slate.</param>
    /// <param name="line">An undamaged line.</param>
    /// <param name="reason">Why it must be rejected now.</param>
    public static byte[] Do(Random random, char form, string line, out string? reason)
    {
        (var damaged, reason) = random.Next(form == 's' ? 12 : 9) switch
        {
            0 or 1 => (line[..random.Next(1, line.Length)], "truncated"),
            2 => (With(line, 1, Any(BadUsers)), "bad-user-id"),
            3 => (With(line, 0, Any(BadTimes)), "bad-timestamp"),
            4 => (line + Any([",", ",extra", ", 12, GET /rate/a+b=4"]), "trailing-fields"),
            5 => (With(line, 2, Any(["POST /rate/a+1999=4", "GET /rating/a+1999=4", "hello", "GET /data/x/a+1999/4.mpg"])), "unknown-form"),
            6 => (line, "not-utf8"),
            7 when random.Next(100) == 0 => (line + new string('x', 70_000), "line-too-long"),
            _ => form switch
            {
                'w' => random.Next(2) == 0
                    ? ($"{Head(line)},GET /data/m/{Any(BadMovies)}/12.mpg", "bad-movie-id")
                    : ($"{line[..(line.LastIndexOf('/') + 1)]}{Any(BadMinutes)}.mpg", "bad-minute"),
                'r' => random.Next(2) == 0
                    ? ($"{Head(line)},GET /rate/{Any(BadMovies)}=4", "bad-movie-id")
                    : ($"{line[..(line.LastIndexOf('=') + 1)]}{Any(BadRatings)}", "bad-rating"),
                _ => Slate(),
            },
        };
        var bytes = Encoding.UTF8.GetBytes(damaged);
        if (reason == "not-utf8") bytes[random.Next(bytes.Length)] = 0xFF;
        return bytes;

        string Any(string[] ways) => ways[random.Next(ways.Length)];

        (string, string) Slate() => random.Next(5) switch
        {
            0 => (line.Replace("status 200", Any(["status 2OO", "status 1000", "status -1", "status 20 0"])), "bad-status"),
            1 => (line.Replace("result: ", "result: the matrix, "), "bad-items"),
            2 => (line[..(line.LastIndexOf(", ", StringComparison.Ordinal) + 2)] + Any(["fast ms", "-5 ms", " ms", "1.5 ms"]), "bad-latency"),
            3 => (line.Replace("request host", "request my host"), "bad-server"),
            _ => ($"{line[..line.IndexOf("status", StringComparison.Ordinal)]}status {Any(["0", "500", "503"])}, result: {Any(Exceptions)}, 2002 ms", "failed-request"),
        };
    }

    private static string Head(string line) => line[..line.IndexOf(',', line.IndexOf(',') + 1)];

    private static string With(string line, int field, string value)
    {
        var fields = line.Split(',', 3);
        fields[field] = value;
        return string.Join(',', fields);
    }
}
