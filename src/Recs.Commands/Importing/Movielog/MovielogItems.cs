namespace Recs.Commands.Importing.Movielog;

/// <summary>The movie ids of a slate in a movielog line, best first; walked with <c>foreach</c>, without allocating.</summary>
/// <param name="text">Ids parted by comma and space; empty for none.</param>
public readonly ref struct MovielogItems(ReadOnlySpan<byte> text)
{
    private readonly ReadOnlySpan<byte> _text = text;

    /// <summary>The ids as the line has them.</summary>
    public ReadOnlySpan<byte> Text => _text;

    /// <summary>Walks the ids.</summary>
    public Enumerator GetEnumerator() => new(_text);

    /// <summary>A place between ids.</summary>
    /// <param name="rest">What is still to come.</param>
    public ref struct Enumerator(ReadOnlySpan<byte> rest)
    {
        private ReadOnlySpan<byte> _rest = rest;

        /// <summary>The id that was reached.</summary>
        public ReadOnlySpan<byte> Current { get; private set; }

        /// <summary>Goes to the next id.</summary>
        public bool MoveNext()
        {
            if (_rest.IsEmpty) return false;
            var end = _rest.IndexOf(", "u8);
            Current = end < 0 ? _rest : _rest[..end];
            _rest = end < 0 ? [] : _rest[(end + 2)..];
            return true;
        }
    }
}
