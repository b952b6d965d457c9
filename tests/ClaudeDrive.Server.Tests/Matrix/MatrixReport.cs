namespace ClaudeDrive.Server.Tests.Matrix;

/// <summary>What was looked at, and what was wrong.</summary>
internal sealed class MatrixReport
{
    private int _compared;

    public int Cells { get; private set; }

    public List<string> Wrong { get; } = [];

    /// <summary>One cell of the matrix.</summary>
    public void Check(MatrixRecipe recipe, MatrixCaller caller, MatrixScope scope, MatrixAnswer answer)
    {
        Cells++;
        var expected = recipe.Expected(caller, scope);
        if (answer.Status != expected)
        {
            Add(recipe, caller, scope, $"{answer.Status} instead of {expected}: {Short(answer.Text)}");
        }

        if (!caller.IsRoot && $"{answer.Headers}{answer.Text}".Contains(MatrixWorld.Foreign, StringComparison.OrdinalIgnoreCase))
        {
            Add(recipe, caller, scope, $"shows what is foreign: {Short(answer.Text)}");
        }

        if (expected == 200 && recipe.Hidden == 200 && scope != MatrixScope.Own && !caller.Sees(scope) && recipe.Route.StartsWith("GET ", StringComparison.Ordinal)
            && !answer.Text.Contains("\"total\":0", StringComparison.Ordinal))
        {
            Add(recipe, caller, scope, $"lists something: {Short(answer.Text)}");
        }
    }

    /// <summary>The same request with and without a foreign half.</summary>
    public void Compare(MatrixRecipe recipe, MatrixCaller caller, MatrixScope scope, MatrixAnswer with, MatrixAnswer without)
    {
        _compared++;
        if (with.Status != without.Status || with.Text != without.Text)
        {
            Add(recipe, caller, scope, $"depends on what is foreign: {Short(with.Text)} against {Short(without.Text)}");
        }
    }

    public void Add(MatrixRecipe recipe, MatrixCaller caller, MatrixScope scope, string what) =>
        Wrong.Add($"{recipe.Route} by {caller.Name}, {MatrixWorld.Of(scope)}: {what}");

    public override string ToString() => $"{Cells} cells, {_compared} comparisons, {Wrong.Count} wrong";

    private static string Short(string text) => text.Length <= 600 ? text : text[..600];
}
