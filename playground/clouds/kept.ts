/** The only place where a stand-in keeps what it has worked out: what follows from a value that never changes is worked out once. Pure but for the time it takes. */

/** One result for each object, for as long as that very object is in use. */
export function keptBy<Key extends object, Value>(make: (key: Key) => Value): (key: Key) => Value {
  const known = new WeakMap<Key, Value>();
  return (key) => {
    const found = known.get(key);
    if (found !== undefined) return found;
    const made = make(key);
    known.set(key, made);
    return made;
  };
}

const textsMax = 200;

/** One result for each text, of which there are few. */
export function keptByText<Value>(make: (text: string) => Value): (text: string) => Value {
  const known = new Map<string, Value>();
  return (text) => {
    const found = known.get(text);
    if (found !== undefined) return found;
    if (known.size >= textsMax) known.clear();
    const made = make(text);
    known.set(text, made);
    return made;
  };
}
