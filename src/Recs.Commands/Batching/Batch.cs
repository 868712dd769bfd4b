using System.Security.Claims;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Recs.Commands.Recording;
using Recs.Contracts.Callers;

namespace Recs.Commands.Batching;

/// <summary>The lines of a batch: each one is a command or has its refusal.</summary>
/// <param name="caller">Who sends it.</param>
/// <param name="now">When.</param>
internal sealed class Batch(ClaimsPrincipal caller, DateTimeOffset now)
{
    /// <summary>Most lines.</summary>
    public const int MaxLines = 10_000;

    /// <summary>Most bytes of all lines.</summary>
    public const int MaxBytes = 5 * 1024 * 1024;

    /// <summary>Most bytes of a line.</summary>
    public const int MaxLineBytes = 8 * 1024;

    private readonly List<LineResult?> _results = [];
    private readonly List<(int Line, IFactCommand Command)> _commands = [];

    /// <summary>One entry per line: why it was refused, null as long as it was not.</summary>
    public IReadOnlyList<LineResult?> Refusals => _results;

    /// <summary>The valid lines, by their number from 1.</summary>
    public IReadOnlyList<(int Line, IFactCommand Command)> Commands => _commands;

    /// <summary>Reads the body piece by piece.</summary>
    /// <param name="body">Lines.</param>
    /// <param name="digest">Gets every byte; null if nobody wants a digest.</param>
    /// <param name="cancel">Stops reading.</param>
    /// <exception cref="CommandRefusedException">413 if it has too many lines or bytes, 400 if it has none.</exception>
    public async Task ReadAsync(Stream body, IncrementalHash? digest, CancellationToken cancel)
    {
        var splitter = new LineSplitter(MaxLineBytes, Add);
        var buffer = new byte[64 * 1024];
        long length = 0;
        for (int read; (read = await body.ReadAsync(buffer, cancel)) > 0;)
        {
            CommandBody.RequireSize(length += read, MaxBytes);
            digest?.AppendData(buffer, 0, read);
            splitter.Feed(buffer.AsSpan(0, read));
        }
        splitter.End();
        if (_results.Count == 0)
            throw new CommandRefusedException(StatusCodes.Status400BadRequest, "The body has no line; send one JSON object per line.");
    }

    /// <summary>Reads the next line.</summary>
    /// <exception cref="CommandRefusedException">413: there are too many.</exception>
    public void Add(ReadOnlySpan<byte> line, bool tooLong)
    {
        var number = _results.Count + 1;
        if (number > MaxLines)
            throw new CommandRefusedException(StatusCodes.Status413PayloadTooLarge, $"The body has more than {MaxLines:N0} lines.");
        var (command, refusal) = tooLong
            ? (null, new LineResult(number, StatusCodes.Status413PayloadTooLarge, Error: $"The line has more than {MaxLineBytes:N0} bytes."))
            : Read(number, line);
        _results.Add(refusal);
        if (command is not null)
            _commands.Add((number, command));
    }

    private (IFactCommand?, LineResult?) Read(int number, ReadOnlySpan<byte> line)
    {
        try
        {
            if (JsonSerializer.Deserialize(line, CommandJson.Default.EventLine) is not { } read)
                return (null, new(number, StatusCodes.Status400BadRequest, Error: "The line is null, not a JSON object."));
            var errors = new FieldErrors();
            var command = read.ToCommand(errors);
            errors = errors.None && command is not null ? command.Validate(now) : errors;
            return !errors.None ? (null, Invalid(number, errors))
                : !caller.MayActFor(command!.UserId!) ? (null, new(number, StatusCodes.Status403Forbidden, Error: CallerRights.Refusal(command.UserId!)))
                : (command, null);
        }
        catch (JsonException e)
        {
            var fault = JsonFault.Of(e);
            return (null, fault.Field is { } field
                ? Invalid(number, new FieldErrors().Add(field, fault.Message))
                : new(number, StatusCodes.Status400BadRequest, Error: $"The line is not a JSON object (byte {e.BytePositionInLine + 1})."));
        }
    }

    /// <summary>The refusal of a line with wrong fields.</summary>
    public static LineResult Invalid(int line, FieldErrors errors)
        => new(line, StatusCodes.Status422UnprocessableEntity, Error: "The command is not valid.", Errors: errors.ByField);
}
