/** The only place for the small rules of which the Block Kit limits are made. A rule adds what it finds wrong, with a pointer to the place. */

export interface Problem {
  pointer: string;
  code: string;
  message: string;
  constraint?: number | string;
  field?: string;
}
export type Rule = (value: unknown, pointer: string, found: Problem[]) => void;
export type Fields = Readonly<Record<string, unknown>>;

export function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** An object with exactly these fields. `type` and its kin are allowed by whoever picked the shape. */
export function shape(required: Readonly<Record<string, Rule>>, optional: Readonly<Record<string, Rule>> = {}): Rule {
  return (value, pointer, found) => {
    if (!isFields(value)) {
      found.push({ pointer, code: "invalid_type", message: "must be an object" });
      return;
    }
    for (const field of Object.keys(required)) {
      if (value[field] === undefined || value[field] === null)
        found.push({ pointer, code: "missing_field", message: `missing required field: ${field}`, field });
    }
    for (const [field, given] of Object.entries(value)) {
      const rule = required[field] ?? optional[field];
      if (given === undefined || given === null) continue;
      if (rule) rule(given, `${pointer}/${field}`, found);
      else if (field !== "type")
        found.push({ pointer, code: "unknown_field", message: `invalid additional property: ${field}`, field });
    }
  };
}

/** Picks the shape by the `type` of the value; a type that is not in the table is refused. */
export function byType(table: Readonly<Record<string, Rule>>): Rule {
  return (value, pointer, found) => {
    const type = isFields(value) ? value["type"] : undefined;
    const rule = typeof type === "string" && Object.hasOwn(table, type) ? table[type] : undefined;
    if (rule) rule(value, pointer, found);
    else found.push({ pointer, code: "invalid_type", message: `unsupported type: ${String(type)}`, field: "type" });
  };
}

export function text(min: number, max: number): Rule {
  return (value, pointer, found) => {
    if (typeof value !== "string") found.push({ pointer, code: "invalid_type", message: "must be a string" });
    else if (value.length > max)
      found.push({
        pointer,
        code: "too_long",
        message: `must be no more than ${max} characters`,
        constraint: max,
      });
    else if (value.length < min)
      found.push({ pointer, code: "too_short", message: `must be at least ${min} characters`, constraint: min });
  };
}

export function whole(min: number, max: number): Rule {
  return (value, pointer, found) => {
    if (typeof value !== "number" || !Number.isInteger(value) || value < min || value > max)
      found.push({ pointer, code: "out_of_range", message: `must be a whole number from ${min} to ${max}` });
  };
}

export function oneOf(...words: readonly (string | number)[]): Rule {
  return (value, pointer, found) => {
    if (!words.some((word) => word === value))
      found.push({ pointer, code: "invalid_value", message: `must be one of ${words.join(", ")}` });
  };
}

export function list(rule: Rule, min: number, max: number): Rule {
  return (value, pointer, found) => {
    if (!Array.isArray(value)) {
      found.push({ pointer, code: "invalid_type", message: "must be an array" });
      return;
    }
    if (value.length > max)
      found.push({ pointer, code: "too_many", message: `no more than ${max} items allowed`, constraint: max });
    if (value.length < min)
      found.push({ pointer, code: "too_few", message: `no fewer than ${min} items allowed`, constraint: min });
    value.forEach((item, index) => {
      rule(item, `${pointer}/${index}`, found);
    });
  };
}

/** Every rule in turn, on the same value. */
export function all(...rules: readonly Rule[]): Rule {
  return (value, pointer, found) => {
    for (const rule of rules) rule(value, pointer, found);
  };
}

/** Something that concerns several fields of one object. `wrong` gives the sentence, or null. */
export function check(code: string, wrong: (value: Fields) => string | null): Rule {
  return (value, pointer, found) => {
    const message = isFields(value) ? wrong(value) : null;
    if (message) found.push({ pointer, code, message });
  };
}

export const flag: Rule = (value, pointer, found) => {
  if (typeof value !== "boolean") found.push({ pointer, code: "invalid_type", message: "must be a boolean" });
};

/** Looked at no further. */
export const anything: Rule = () => {};

export const address = text(1, 3000);
