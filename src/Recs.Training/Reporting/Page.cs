using System.Text;

namespace Recs.Training.Reporting;

/// <summary>A page in Markdown, written from top to bottom with line feeds.</summary>
internal sealed class Page
{
    private readonly StringBuilder _text = new();

    public override string ToString() => _text.ToString();

    /// <summary>A heading, from level 1.</summary>
    public Page Heading(int level, string text)
    {
        if (_text.Length > 0)
            _text.Append('\n');
        _text.Append('#', level).Append(' ').Append(text).Append('\n');
        return this;
    }

    /// <summary>A paragraph.</summary>
    public Page Say(string text)
    {
        _text.Append('\n').Append(text).Append('\n');
        return this;
    }

    /// <summary>A list; nothing for no points.</summary>
    public Page Points(IEnumerable<string> points)
    {
        var first = true;
        foreach (var point in points)
        {
            _text.Append(first ? "\n- " : "- ").Append(point).Append('\n');
            first = false;
        }

        return this;
    }

    /// <summary>A block of commands.</summary>
    public Page Commands(IEnumerable<string> lines)
    {
        _text.Append("\n```\n").AppendJoin('\n', lines).Append("\n```\n");
        return this;
    }

    /// <summary>A table.</summary>
    /// <param name="head">Heads of its columns.</param>
    /// <param name="rows">Cells, as many as heads; null is shown as a dash.</param>
    /// <param name="align"><c>l</c> or <c>r</c> per column, flush left for words and right for numbers; the last one holds for all further columns.</param>
    public Page Table(IReadOnlyList<string> head, IEnumerable<IReadOnlyList<string?>> rows, string align)
    {
        _text.Append('\n');
        Row(head);
        Row([.. head.Select((_, column) => align[Math.Min(column, align.Length - 1)] == 'l' ? "---" : "---:")]);
        foreach (var row in rows)
            Row(row);
        return this;
    }

    private void Row(IReadOnlyList<string?> cells)
        => _text.Append("| ").AppendJoin(" | ", cells.Select(cell => (cell ?? "-").Replace("|", "\\|", StringComparison.Ordinal))).Append(" |\n");
}
