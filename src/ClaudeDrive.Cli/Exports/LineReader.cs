namespace ClaudeDrive.Cli.Exports;

/// <summary>Reads a stream line by line, as bytes: hashes are over bytes. A line may have 128 MiB, far more than the server stores in one.</summary>
internal sealed class LineReader(System.IO.Stream stream)
{
    private const int LongestLine = 128 * 1024 * 1024;

    private byte[] _buffer = new byte[128 * 1024];
    private int _from;
    private int _to;
    private bool _isAtEnd;

    /// <summary>The next line without its line feed, valid until the next call; null at the end.</summary>
    public async ValueTask<ReadOnlyMemory<byte>?> ReadAsync(CancellationToken cancellationToken)
    {
        var looked = _from;
        while (true)
        {
            var found = Array.IndexOf(_buffer, (byte)'\n', looked, _to - looked);
            if (found >= 0)
            {
                var line = _buffer.AsMemory(_from, found - _from);
                _from = found + 1;
                return line;
            }

            if (_isAtEnd)
            {
                var rest = _buffer.AsMemory(_from, _to - _from);
                _from = _to;
                return rest.IsEmpty ? default(ReadOnlyMemory<byte>?) : rest; // A plain null would become an empty line.
            }

            MakeRoom();
            looked = _to;
            var count = await stream.ReadAsync(_buffer.AsMemory(_to), cancellationToken);
            _isAtEnd = count == 0;
            _to += count;
        }
    }

    private void MakeRoom()
    {
        if (_from > 0)
        {
            Buffer.BlockCopy(_buffer, _from, _buffer, 0, _to - _from);
            (_from, _to) = (0, _to - _from);
        }

        if (_to < _buffer.Length)
        {
            return;
        }

        if (_buffer.Length >= LongestLine)
        {
            throw new IOException("a line is longer than 128 MiB");
        }

        Array.Resize(ref _buffer, 2 * _buffer.Length);
    }
}
