namespace Recs.Queries;

/// <summary>Names this assembly, so that its embedded SQL can be found.</summary>
public static class AssemblyMarker;
