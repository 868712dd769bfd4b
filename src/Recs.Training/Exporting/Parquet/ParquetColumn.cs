using System.Runtime.InteropServices;
using Recs.Training.Exporting.Tables;

namespace Recs.Training.Exporting.Parquet;

/// <summary>
/// A column of the row group that is being filled: its values, and the levels by which Parquet tells nulls and lists (Melnik et al., "Dremel: Interactive Analysis
/// of Web-Scale Datasets", VLDB 2010). The definition level says how far down a value is there: 0 null, or for a list that is never null 0 empty; the highest
/// level is a value. The repetition level is 0 where a row begins and 1 where its list goes on.
/// </summary>
internal sealed class ParquetColumn
{
    private readonly List<int> _definitions = [];
    private readonly List<int> _repetitions = [];
    private readonly int _empty; // definition level of an empty list

    public ParquetColumn(TableColumn column)
    {
        Column = column;
        Type = column.Type switch
        {
            ColumnType.Boolean => PhysicalType.Boolean,
            ColumnType.Int32 => PhysicalType.Int32,
            ColumnType.Int64 or ColumnType.Timestamp => PhysicalType.Int64,
            ColumnType.Double => PhysicalType.Double,
            _ => PhysicalType.ByteArray,
        };
        Values = Type switch
        {
            PhysicalType.Boolean => new FlagColumnValues(),
            PhysicalType.ByteArray => new TextColumnValues(),
            _ => new NumberColumnValues(Type),
        };
        IsList = column.Type == ColumnType.TextList;
        _empty = column.Optional ? 1 : 0;
        MostDefinition = (column.Optional ? 1 : 0) + (IsList ? 1 : 0);
    }

    /// <summary>The table's column.</summary>
    public TableColumn Column { get; }
    /// <summary>Type of its values.</summary>
    public PhysicalType Type { get; }
    /// <summary>Its values, without nulls.</summary>
    public ColumnValues Values { get; }
    /// <summary>Whether a row has a list of values.</summary>
    public bool IsList { get; }
    /// <summary>The highest definition level; 0 if every row has exactly one value.</summary>
    public int MostDefinition { get; }
    /// <summary>Levels of the row group: values, nulls and empty lists.</summary>
    public int Levels => MostDefinition == 0 ? Values.Count : _definitions.Count;
    /// <summary>Definition levels; empty if every row has exactly one value.</summary>
    public ReadOnlySpan<int> Definitions => CollectionsMarshal.AsSpan(_definitions);
    /// <summary>Repetition levels; empty if the column has no lists.</summary>
    public ReadOnlySpan<int> Repetitions => CollectionsMarshal.AsSpan(_repetitions);
    /// <summary>The path of the values, from the column down.</summary>
    public IReadOnlyList<string> Path => IsList ? [Column.Name, "list", "element"] : [Column.Name];

    public void Text(ReadOnlySpan<byte> utf8)
    {
        Expect(ColumnType.Text);
        ((TextColumnValues)Values).Add(utf8);
        Level(MostDefinition);
    }

    public void Whole(long value)
    {
        Expect(ColumnType.Int64, ColumnType.Int32, ColumnType.Timestamp);
        ((NumberColumnValues)Values).Add(value);
        Level(MostDefinition);
    }

    public void Number(double value)
    {
        Expect(ColumnType.Double);
        ((NumberColumnValues)Values).Add(BitConverter.DoubleToInt64Bits(value));
        Level(MostDefinition);
    }

    public void Flag(bool value)
    {
        Expect(ColumnType.Boolean);
        ((FlagColumnValues)Values).Add(value);
        Level(MostDefinition);
    }

    public void Texts(IReadOnlyList<string> values)
    {
        Expect(ColumnType.TextList);
        for (var i = 0; i < values.Count; i++)
        {
            ((TextColumnValues)Values).Add(System.Text.Encoding.UTF8.GetBytes(values[i]));
            Level(MostDefinition, i == 0 ? 0 : 1);
        }

        if (values.Count == 0)
            Level(_empty);
    }

    public void Null()
    {
        if (!Column.Optional)
            throw new InvalidOperationException($"Column '{Column.Name}' is never null.");
        Level(0);
    }

    public void Clear()
    {
        Values.Clear();
        _definitions.Clear();
        _repetitions.Clear();
    }

    private void Level(int definition, int repetition = 0)
    {
        if (MostDefinition > 0)
            _definitions.Add(definition);
        if (IsList)
            _repetitions.Add(repetition);
    }

    private void Expect(params ReadOnlySpan<ColumnType> types)
    {
        if (!types.Contains(Column.Type))
            throw new InvalidOperationException($"Column '{Column.Name}' is of type {Column.Type}.");
    }
}
