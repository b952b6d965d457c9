using System.Globalization;
using System.Text;

namespace ClaudeDrive.Benchmarks.Plotting;

/// <summary>A chart with a logarithmic axis of sizes and a linear one from zero, as a part of an SVG drawing.</summary>
internal sealed record Chart(string Title, IReadOnlyList<ChartLine> Lines)
{
    private const int Width = 760;
    private const int Height = 240;
    private const int Left = 80;
    private const int Right = 120;
    private const int Top = 36;
    private const int Bottom = 34;
    private const int Steps = 4;

    private static readonly double[] Factors = [1, 2, 4, 5, 10];

    private double LowestX => Math.Log10(Lines.SelectMany(static line => line.Points).Select(static point => point.X).DefaultIfEmpty(1).Min());

    private double HighestX => Math.Log10(Lines.SelectMany(static line => line.Points).Select(static point => point.X).DefaultIfEmpty(10).Max());

    private double HighestY => NiceAbove(Lines.SelectMany(static line => line.Points).Select(static point => point.Y).DefaultIfEmpty(1).Max());

    /// <summary>All charts below one another.</summary>
    public static string Draw(IReadOnlyList<Chart> charts)
    {
        var text = new StringBuilder();
        Append(text, $"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {Width} {Height * charts.Count}\" font-family=\"sans-serif\" font-size=\"12\">");
        Append(text, $"<rect width=\"{Width}\" height=\"{Height * charts.Count}\" fill=\"#ffffff\"/>");
        for (var i = 0; i < charts.Count; i++)
        {
            Append(text, $"<g transform=\"translate(0 {i * Height})\">");
            charts[i].Draw(text);
            Append(text, $"</g>");
        }

        Append(text, $"</svg>");
        return text.ToString();
    }

    private void Draw(StringBuilder text)
    {
        Append(text, $"<text x=\"{Left}\" y=\"20\" font-weight=\"bold\">{Title}</text>");
        for (var step = 0; step <= Steps; step++)
        {
            var value = HighestY * step / Steps;
            Append(text, $"<line x1=\"{Left}\" x2=\"{Width - Right}\" y1=\"{Y(value):F1}\" y2=\"{Y(value):F1}\" stroke=\"#d0d7de\"/>");
            Append(text, $"<text x=\"{Left - 8}\" y=\"{Y(value) + 4:F1}\" text-anchor=\"end\">{value:#,0.##}</text>");
        }

        foreach (var size in Lines.SelectMany(static line => line.Points).Select(static point => point.X).Distinct())
        {
            Append(text, $"<text x=\"{X(size):F1}\" y=\"{Height - 12}\" text-anchor=\"middle\">{size:#,0}</text>");
        }

        for (var i = 0; i < Lines.Count; i++)
        {
            Draw(text, Lines[i], i);
        }
    }

    private void Draw(StringBuilder text, ChartLine line, int index)
    {
        var points = string.Join(' ', line.Points.Select(point => Text($"{X(point.X):F1},{Y(point.Y):F1}")));
        Append(text, $"<polyline points=\"{points}\" fill=\"none\" stroke=\"{line.Colour}\" stroke-width=\"2\"/>");
        foreach (var (x, y) in line.Points)
        {
            Append(text, $"<circle cx=\"{X(x):F1}\" cy=\"{Y(y):F1}\" r=\"3\" fill=\"{line.Colour}\"/>");
        }

        Append(text, $"<text x=\"{Width - Right + 12}\" y=\"{Top + 12 + (index * 18)}\" fill=\"{line.Colour}\">{line.Name}</text>");
    }

    private double X(double size)
    {
        var range = HighestX - LowestX;
        return Left + ((Width - Left - Right) * (range > 0 ? (Math.Log10(size) - LowestX) / range : 0.5));
    }

    private double Y(double value) => Height - Bottom - ((Height - Top - Bottom) * value / HighestY);

    /// <summary>1, 2, 4 or 5 times a power of ten, not below the value: a scale that people can read.</summary>
    private static double NiceAbove(double value)
    {
        var power = Math.Pow(10, Math.Floor(Math.Log10(Math.Max(value, 1e-6))));
        return Factors.Select(factor => factor * power).First(nice => nice >= value);
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private static void Append(StringBuilder builder, FormattableString text) => builder.Append(Text(text)).Append('\n');
}
