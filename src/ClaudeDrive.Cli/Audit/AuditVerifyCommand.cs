using System.CommandLine;
using System.Globalization;
using ClaudeDrive.Audit;
using ClaudeDrive.Cli.Api;
using ClaudeDrive.Cli.Backups;
using ClaudeDrive.Cli.Output;
using ClaudeDrive.Cli.Running;
using ClaudeDrive.Sqlite.Backups;

namespace ClaudeDrive.Cli.Audit;

/// <summary>
/// <c>audit verify [FILE]</c>: checks every hash of an exported log, of a data directory (<c>--data</c>), or of the running server; names the first row
/// that was edited or removed.
/// </summary>
internal static class AuditVerifyCommand
{
    public static Command Create(CliContext context)
    {
        var file = new Argument<string?>("FILE") { Description = "An exported log; needs no server", Arity = ArgumentArity.ZeroOrOne };
        var data = new Option<string?>("--data") { Description = "Check the log in this data directory instead; needs no server", HelpName = "DIR" };
        var end = new Option<string?>("--end") { Description = "An end noted before, as this verb prints it: the log must still contain it", HelpName = "SEQ:HASH" };
        var json = Verb.JsonOption();
        return new Command("verify", "Check that no row of the audit log was edited or removed") { file, data, end, json }.Runs(context, async run =>
        {
            var (path, directory) = (run.Parsed.GetValue(file), run.Get(data));
            if (path is not null && directory is not null)
            {
                throw CliException.Usage("FILE and --data exclude each other");
            }

            var noted = Noted(run.Get(end));
            if (directory is not null && noted is not null)
            {
                throw CliException.Usage("--end needs a FILE or the server");
            }

            var (last, fault) = directory is not null
                ? InDirectory(directory)
                : await InLinesAsync(path is null ? ApiLines.ReadAsync(run.Api, AuditExportCommand.Path, run.Stop) : Lines(path, run.Stop), noted);
            return Report(run, last, fault, run.Get(json));
        });
    }

    private static (AuditHead End, AuditFault? Fault) InDirectory(string directory)
    {
        try
        {
            return AuditCheck.Run(Path.GetFullPath(directory));
        }
        catch (Exception failure) when (failure is BackupException or IOException or UnauthorizedAccessException)
        {
            throw new CliException(failure.Message);
        }
    }

    private static async Task<(AuditHead End, AuditFault? Fault)> InLinesAsync(IAsyncEnumerable<string> lines, AuditHead? noted)
    {
        var chain = new AuditChain();
        AuditHead? end = null;
        await foreach (var line in lines)
        {
            if (end is not null)
            {
                throw new CliException("something stands behind the end of the log");
            }

            var (entry, last) = Read(line, chain.End.Seq + 1);
            end = last;
            if (entry is not null && (chain.Check(entry) ?? AgainstNoted(entry, noted)) is { } fault)
            {
                return (chain.End, fault);
            }
        }

        // Without its last line a file may have been cut anywhere.
        var missing = new AuditFault(chain.End.Seq + 1, AuditFaultKind.Removed);
        var atEnd = end is { } known ? chain.Finish(known) : missing;
        return (chain.End, atEnd ?? (noted is { } old && chain.End.Seq < old.Seq ? missing : null));
    }

    private static AuditFault? AgainstNoted(AuditEntry entry, AuditHead? noted) =>
        noted is { } old && entry.Seq == old.Seq && entry.Hash != old.Hash ? new AuditFault(entry.Seq, AuditFaultKind.Edited) : null;

    private static (AuditEntry? Entry, AuditHead? End) Read(string line, long seq)
    {
        try
        {
            return AuditExport.Read(line);
        }
        catch (FormatException)
        {
            throw new CliException(string.Create(CultureInfo.InvariantCulture, $"row {seq} cannot be read: the line is no row of an audit log"));
        }
    }

    private static async IAsyncEnumerable<string> Lines(
        string path, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        StreamReader reader;
        try
        {
            reader = new StreamReader(path);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new CliException(failure.Message);
        }

        using (reader)
        {
            while (await reader.ReadLineAsync(cancellationToken) is { } line)
            {
                yield return line;
            }
        }
    }

    private static AuditHead? Noted(string? text)
    {
        if (text is null)
        {
            return null;
        }

        return text.Split(':') is [var seq, { Length: 64 } hash] && long.TryParse(seq, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? new AuditHead(number, hash)
            : throw CliException.Usage($"--end '{text}' is not SEQ:HASH");
    }

    private static int Report(CliRun run, AuditHead end, AuditFault? fault, bool json)
    {
        if (json)
        {
            run.Out.Json(JsonText.Of(
                ("result", fault is null ? "intact" : "broken"),
                ("row", fault?.Seq.ToString(CultureInfo.InvariantCulture)),
                ("fault", fault is null ? null : Word(fault.Kind)),
                ("end_seq", end.Seq.ToString(CultureInfo.InvariantCulture)),
                ("end_hash", end.Hash)));
        }
        else if (fault is null)
        {
            run.Out.Line(new Piece("intact", Styles.Good), string.Create(CultureInfo.InvariantCulture, $": {end.Seq} rows, end {end.Seq}:{end.Hash}"));
        }
        else
        {
            run.Out.Line(new Piece("broken", Styles.Bad), string.Create(CultureInfo.InvariantCulture, $": row {fault.Seq} was {Word(fault.Kind)}"));
        }

        return fault is null ? ExitCode.Done : ExitCode.Failed;
    }

    private static string Word(AuditFaultKind kind) => kind switch
    {
        AuditFaultKind.Edited => "edited",
        AuditFaultKind.Removed => "removed",
        AuditFaultKind.OutOfOrder => "moved",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "Not a fault."),
    };
}
