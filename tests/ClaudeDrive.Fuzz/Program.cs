using System.Globalization;
using ClaudeDrive.Fuzz;
using SharpFuzz;

// ClaudeDrive.Fuzz TARGET                     as a target of afl-fuzz (eng/fuzz does this)
// ClaudeDrive.Fuzz TARGET seeds DIRECTORY     writes the inputs to begin from
// ClaudeDrive.Fuzz TARGET plain SECONDS SEED  without afl-fuzz: random changes, no coverage
// ClaudeDrive.Fuzz TARGET file PATH...        reads inputs once, to repeat a finding
if (args.Length == 0 || !FuzzTargets.Names.Contains(args[0]))
{
    await Console.Error.WriteLineAsync($"the targets are {string.Join(", ", FuzzTargets.Names)}");
    return 2;
}

// Made late: instrumented code must not run before afl-fuzz's memory is there to count in.
var target = new Lazy<IFuzzTarget>(() => FuzzTargets.Make(args[0])!);
switch (args)
{
    case [_, "seeds", var directory]:
        Directory.CreateDirectory(directory);
        foreach (var (number, seed) in target.Value.Seeds().Index())
        {
            await File.WriteAllBytesAsync(Path.Combine(directory, number.ToString("D4", CultureInfo.InvariantCulture)), seed);
        }

        return 0;
    case [_, "plain", var seconds, var seed]:
        var count = PlainRun.Run(
            target.Value, int.Parse(seed, CultureInfo.InvariantCulture), TimeSpan.FromSeconds(int.Parse(seconds, CultureInfo.InvariantCulture)));
        await Console.Out.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{args[0]}: {count} executions, no finding (seed {seed}, no coverage)"));
        return 0;
    case [_, "file", .. var paths]:
        foreach (var path in paths)
        {
            target.Value.Run(await File.ReadAllBytesAsync(path));
            await Console.Out.WriteLineAsync($"{path}: no finding");
        }

        return 0;
    default:
        Fuzzer.OutOfProcess.Run((Stream stream) =>
        {
            using var bytes = new MemoryStream();
            stream.CopyTo(bytes);
            target.Value.Run(bytes.GetBuffer().AsSpan(0, (int)bytes.Length));
        });
        return 0;
}
