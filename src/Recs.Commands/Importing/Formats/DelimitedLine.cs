using System.Text;

namespace Recs.Commands.Importing.Formats;

/// <summary>Cuts lines into fields.</summary>
internal static class DelimitedLine
{
    /// <summary>Cuts a line without quotes.</summary>
    /// <param name="line">Line.</param>
    /// <param name="delimiter">What parts the fields.</param>
    /// <param name="fields">Gets the places of the fields.</param>
    /// <returns>The number of fields; more than <paramref name="fields"/> can hold if it is larger than that.</returns>
    public static int Cut(ReadOnlySpan<byte> line, ReadOnlySpan<byte> delimiter, Span<Range> fields)
    {
        var start = 0;
        for (var count = 0; ; count++)
        {
            var length = line[start..].IndexOf(delimiter);
            if (count == fields.Length) return count + 1;
            if (length < 0)
            {
                fields[count] = start..line.Length;
                return count + 1;
            }
            fields[count] = start..(start + length);
            start += length + delimiter.Length;
        }
    }

    /// <summary>Cuts a CSV line with quoted fields (RFC 4180, but a field ends on its line).</summary>
    /// <param name="line">Line without its end.</param>
    /// <param name="fields">Gets the fields without their quotes.</param>
    /// <returns>False if a quote does not close, or if something other than a comma follows a closing quote.</returns>
    public static bool TryCutCsv(string line, List<string> fields)
    {
        fields.Clear();
        var field = new StringBuilder();
        for (var i = 0; ; i++)
        {
            field.Clear();
            if (i < line.Length && line[i] == '"')
            {
                for (i++; ; i++)
                {
                    if (i == line.Length) return false;
                    if (line[i] == '"' && (++i == line.Length || line[i] != '"')) break;
                    field.Append(line[i]);
                }
                if (i < line.Length && line[i] != ',') return false;
            }
            else
            {
                for (; i < line.Length && line[i] != ','; i++) field.Append(line[i]);
            }
            fields.Add(field.ToString());
            if (i == line.Length) return true;
        }
    }
}
