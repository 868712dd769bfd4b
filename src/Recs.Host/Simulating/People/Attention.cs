namespace Recs.Host.Simulating.People;

/// <summary>
/// How a person goes down a list: a dynamic Bayesian network model of clicks (Chapelle and Zhang, 2009). The first film is looked at; the next one is with
/// probability <paramref name="Patience"/>, unless the one before satisfied. Position bias follows from that.
/// </summary>
/// <param name="Patience">Probability of looking at the next film, 0 to 1.</param>
internal readonly record struct Attention(double Patience)
{
    /// <summary>Probability of looking at each place: 1 for the first, then times patience times the chance that the film before did not satisfy.</summary>
    public double[] Looked(IReadOnlyList<Chances> list)
    {
        var looked = new double[list.Count];
        for (var (place, reach) = (0, 1.0); place < list.Count; place++)
        {
            looked[place] = reach;
            reach *= Patience * (1 - list[place].Watch * list[place].Satisfy);
        }
        return looked;
    }

    /// <summary>Probability that at least one film of the list has an outcome which has a chance of its own wherever it is looked at.</summary>
    /// <param name="chances">Chance of the outcome at each place, given that it is looked at and no place before had it.</param>
    public double AnyOf(IEnumerable<double> chances)
    {
        // From the end: none from here on = not here, and then either no further look or none from the next on.
        var none = 1.0;
        foreach (var chance in chances.Reverse()) none = (1 - chance) * (1 - Patience + Patience * none);
        return 1 - none;
    }
}
