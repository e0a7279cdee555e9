/** The only place that knows in which fields an order carries a password. */

const names = ["Password", "adminpass", "password"];

/** The passwords in the body of an order. */
export function secretForms(body: string): readonly string[] {
  const found: string[] = [];
  const walk = (value: unknown): void => {
    if (typeof value !== "object" || value === null) return;
    for (const [name, inner] of Object.entries(value)) {
      if (names.includes(name) && typeof inner === "string" && inner !== "")
        found.push(inner, JSON.stringify(inner).slice(1, -1));
      else walk(inner);
    }
  };
  walk(JSON.parse(body === "" ? "{}" : body));
  return [...new Set(found)];
}
