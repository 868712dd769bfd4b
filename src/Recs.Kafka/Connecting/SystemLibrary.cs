using System.Reflection;
using System.Runtime.InteropServices;
using Confluent.Kafka;

namespace Recs.Kafka.Connecting;

/// <summary>The client's native part, librdkafka, as the system has it installed.</summary>
public static class SystemLibrary
{
    /// <summary>Environment variable with the path of another librdkafka.</summary>
    public const string PathVariable = "LIBRDKAFKA_PATH";

    /// <summary>Name that Confluent.Kafka imports from.</summary>
    private const string Imported = "librdkafka";

    private static readonly string[] Names = OperatingSystem.IsMacOS() ? ["librdkafka.1.dylib", "librdkafka.dylib"] : ["librdkafka.so.1"];
    private static readonly Lazy<nint> Handle = new(Load);
    private static readonly Lazy<bool> Resolved = new(Resolve);

    /// <summary>Makes Confluent.Kafka use the system's library. Call it before any of its types is touched; the second call does nothing.</summary>
    /// <exception cref="KafkaUnavailableException">There is no librdkafka.</exception>
    public static void Use()
    {
        _ = Handle.Value;
        _ = Resolved.Value;
    }

    /// <summary>The loaded library, for functions that Confluent.Kafka does not have.</summary>
    /// <exception cref="KafkaUnavailableException">There is no librdkafka.</exception>
    public static nint Open() => Handle.Value;

    private static bool Resolve()
    {
        NativeLibrary.SetDllImportResolver(typeof(Offset).Assembly, (name, _, _) => name.StartsWith(Imported, StringComparison.Ordinal) ? Handle.Value : 0);
        return true;
    }

    private static nint Load()
    {
        if (Environment.GetEnvironmentVariable(PathVariable) is { Length: > 0 } path)
        {
            return NativeLibrary.TryLoad(path, out var given)
                ? given
                : throw new KafkaUnavailableException($"{PathVariable} names '{path}', which cannot be loaded. Point it to a librdkafka, or unset it.");
        }
        foreach (var name in Names)
        {
            if (NativeLibrary.TryLoad(name, Assembly.GetExecutingAssembly(), null, out var found))
                return found;
        }
        throw new KafkaUnavailableException($"librdkafka is missing ({string.Join(", ", Names)}): install it (Debian, Ubuntu: librdkafka1; macOS: brew install librdkafka), or name it in {PathVariable}.");
    }
}

/// <summary>Kafka cannot be used or reached; the message says what to do.</summary>
public sealed class KafkaUnavailableException : Exception
{
    /// <summary>With a message for a person.</summary>
    public KafkaUnavailableException(string message, Exception? inner = null) : base(message, inner) { }
}
