// ajv, a JSON Schema validator by other hands, line by line over standard input and output:
//   {"schema": S, "value": V, "closed": B}  ->  {"why": null} where V is valid, else {"why": TEXT}
// With "closed", fields that S does not describe are errors, too.
import { createInterface } from 'node:readline';
import { Ajv2020 } from 'ajv/dist/2020.js';

const validators = new Map();

function validatorOf(schema, closed) {
  const key = JSON.stringify([schema, closed]);
  if (!validators.has(key)) {
    const { $id: _, ...rest } = schema;
    validators.set(key, new Ajv2020({ allErrors: true, strict: true, strictRequired: false }).compile(closed ? { ...rest, additionalProperties: false } : rest));
  }
  return validators.get(key);
}

for await (const line of createInterface({ input: process.stdin })) {
  const { schema, value, closed } = JSON.parse(line);
  const validate = validatorOf(schema, closed === true);
  const why = validate(value) ? null : validate.errors.map((error) => `${error.instancePath} ${error.message}`).join('; ');
  process.stdout.write(JSON.stringify({ why }) + '\n');
}
