using System.Diagnostics.Metrics;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Recs.Queries.OnlineMetrics;

/// <summary>
/// <c>recs_online_success_ratio{model,variant}</c> and <c>recs_online_rmse{model}</c>: channel live, over the newest 24 hours of serving that the read model
/// holds. Read at a scrape, at most every five seconds; while the database does not answer, the last values stand.
/// </summary>
internal sealed partial class OnlineGauges(NpgsqlDataSource source, TimeProvider clock, ILogger<OnlineGauges> log) : IHostedService, IDisposable
{
    private static readonly TimeSpan Kept = TimeSpan.FromSeconds(5);

    private const string SuccessSql =
        """
        select model, variant, sum(converted_slates) / sum(slates)::double precision from read.online_shares
        where metric = 'success' and channel = 'live'
          and hour > (select max(hour) from read.online_shares where metric = 'success' and channel = 'live') - interval '24 hours' group by 1, 2
        """;
    private const string ErrorSql =
        """
        select model, sqrt(sum(total) / 1e6 / sum(observations))::double precision from read.online_measures
        where metric = 'rating-error' and channel = 'live'
          and hour > (select max(hour) from read.online_measures where metric = 'rating-error' and channel = 'live') - interval '24 hours' group by 1
        """;

    private readonly Lock _gate = new();
    private Meter? _meter;
    private long _readAt;
    private IReadOnlyList<Measurement<double>> _success = [];
    private IReadOnlyList<Measurement<double>> _errors = [];

    /// <summary>Begins to answer scrapes.</summary>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        _meter = new("Recs.OnlineMetrics");
        _meter.CreateObservableGauge("recs_online_success_ratio", () => Current().Success, null, "Share of live slates with a recommended movie watched within the window of the metric success, newest 24 hours of serving.");
        _meter.CreateObservableGauge("recs_online_rmse", () => Current().Errors, null, "Root mean squared error of predicted ratings in stars, live, newest 24 hours of serving.");
        return Task.CompletedTask;
    }

    /// <summary>Answers no more.</summary>
    public Task StopAsync(CancellationToken cancellationToken)
    {
        Dispose();
        return Task.CompletedTask;
    }

    /// <summary>Takes the gauges back.</summary>
    public void Dispose() => _meter?.Dispose();

    private (IReadOnlyList<Measurement<double>> Success, IReadOnlyList<Measurement<double>> Errors) Current()
    {
        lock (_gate)
        {
            if (_readAt != 0 && clock.GetElapsedTime(_readAt) < Kept)
                return (_success, _errors);
            _readAt = clock.GetTimestamp();
            try
            {
                using var connection = source.OpenConnection();
                _success = Read(connection, SuccessSql, "model", "variant");
                _errors = Read(connection, ErrorSql, "model");
            }
            catch (NpgsqlException e)
            {
                LogStale(e);
            }
            return (_success, _errors);
        }
    }

    private static List<Measurement<double>> Read(NpgsqlConnection connection, string sql, params string[] labels)
    {
        using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 2 };
        using var row = command.ExecuteReader();
        var values = new List<Measurement<double>>();
        while (row.Read())
            values.Add(new(row.GetDouble(labels.Length), labels.Select((label, i) => new KeyValuePair<string, object?>(label, row.GetString(i)))));
        return values;
    }

    [LoggerMessage(LogLevel.Warning, "The online metrics cannot be read for a scrape; the last values stand.")]
    private partial void LogStale(Exception e);
}
