// avsc, an Avro implementation by other hands, line by line over standard input and output:
//   {"schema": S, "value": V}  ->  {"bytes": "HEX"}
//   {"schema": S, "bytes": "HEX"}  ->  {"value": V}
// A long is a string of digits in V, for JavaScript's numbers would lose its last ones; bytes are {"hex": "HEX"}. What avsc refuses is {"error": WHY}.
import { createInterface } from 'node:readline';
import avsc from 'avsc';

const long = avsc.types.LongType.__with({
  fromBuffer: (buffer) => buffer.readBigInt64LE(),
  toBuffer: (value) => { const buffer = Buffer.alloc(8); buffer.writeBigInt64LE(value); return buffer; },
  fromJSON: BigInt,
  toJSON: String,
  isValid: (value) => typeof value === 'bigint',
  compare: (a, b) => (a < b ? -1 : a > b ? 1 : 0),
});

const types = new Map();

function typeOf(schema) {
  const key = JSON.stringify(schema);
  if (!types.has(key))
    types.set(key, avsc.Type.forSchema(schema, { wrapUnions: 'never', typeHook: (part) => (part === 'long' || part.type === 'long' ? long : undefined) }));
  return types.get(key);
}

/** A value of the wire as avsc wants it. */
function given(value, type) {
  if (value === null) return null;
  switch (type.typeName) {
    case 'abstract:long': case 'long': return BigInt(value);
    case 'bytes': case 'fixed': return Buffer.from(value.hex, 'hex');
    case 'record': case 'error': return Object.fromEntries(type.fields.map((field) => [field.name, value[field.name] === undefined ? field.defaultValue() : given(value[field.name], field.type)]));
    case 'array': return value.map((item) => given(item, type.itemsType));
    case 'map': return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, given(item, type.valuesType)]));
    case 'union:unwrapped': return given(value, type.types.find((branch) => branch.typeName !== 'null'));
    default: return value;
  }
}

/** A value of avsc as the wire has it. */
function shown(key, value) {
  if (typeof value === 'bigint') return value.toString();
  return value?.type === 'Buffer' ? { hex: Buffer.from(value.data).toString('hex') } : value;
}

for await (const line of createInterface({ input: process.stdin })) {
  let answer;
  try {
    const { schema, value, bytes } = JSON.parse(line);
    const type = typeOf(schema);
    answer = bytes === undefined ? { bytes: type.toBuffer(given(value, type)).toString('hex') } : { value: type.fromBuffer(Buffer.from(bytes, 'hex')) };
  } catch (error) {
    answer = { error: error.message };
  }
  process.stdout.write(JSON.stringify(answer, shown) + '\n');
}
