// Reads every Parquet file of a folder with DuckDB and prints one line of JSON for each: its name, columns with types, the nodes of its schema, its column chunks and
// its rows. Whole numbers of 64 bits come as text and times as microseconds since 1970, so that no digit is lost on the way.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';

const folder = process.argv[2];
const connection = await (await DuckDBInstance.create(':memory:')).connect();
const rowsOf = async sql => (await connection.runAndReadAll(sql)).getRowsJson();
for (const name of readdirSync(folder).filter(file => file.endsWith('.parquet')).sort()) {
  const path = join(folder, name).replaceAll("'", "''");
  const columns = await rowsOf(`select column_name, column_type from (describe select * from read_parquet('${path}'))`);
  const nodes = await rowsOf(`select name, type, repetition_type, converted_type, logical_type from parquet_schema('${path}')`);
  const chunks = await rowsOf(
    `select path_in_schema, num_values, stats_min_value, stats_max_value, stats_null_count, encodings, compression, row_group_num_rows from parquet_metadata('${path}') order by row_group_id, column_id`);
  const values = columns.map(([column, type]) => (type === 'TIMESTAMP WITH TIME ZONE' ? `epoch_us("${column}")` : `"${column}"`));
  const rows = await rowsOf(`select ${values.join(', ')} from read_parquet('${path}')`);
  console.log(JSON.stringify({ name, columns, nodes, chunks, rows }));
}
