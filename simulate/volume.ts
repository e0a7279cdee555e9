/** The only place that keeps the bytes of a simulated disk: what was written, and how much of it a power loss leaves. */

interface File {
  bytes: Buffer;
  size: number;
  synced: number;
}

export class Volume {
  readonly files = new Map<string, File>();

  read(name: string): Buffer | null {
    const file = this.files.get(name);
    return file === undefined ? null : Buffer.from(file.bytes.subarray(0, file.size));
  }

  part(name: string, from: number, length: number): { bytes: Buffer; size: number } | null {
    const file = this.files.get(name);
    if (file === undefined) return null;
    return { bytes: Buffer.from(file.bytes.subarray(from, Math.min(file.size, from + length))), size: file.size };
  }

  append(name: string, bytes: Uint8Array): void {
    const file = this.#file(name);
    const size = file.size + bytes.length;
    if (size > file.bytes.length) file.bytes = Buffer.concat([file.bytes], Math.max(size, 2 * file.bytes.length));
    file.bytes.set(bytes, file.size);
    file.size = size;
  }

  sync(name: string): void {
    const file = this.#file(name);
    file.synced = file.size;
  }

  replace(name: string, bytes: Uint8Array): void {
    this.files.set(name, { bytes: Buffer.from(bytes), size: bytes.length, synced: bytes.length });
  }

  /** What is durable of a file, from an offset on. */
  durable(name: string, from: number): Buffer {
    const file = this.files.get(name);
    return file === undefined ? Buffer.alloc(0) : file.bytes.subarray(from, file.synced);
  }

  /** The power goes: of what was not synced, as much stays as `keep` says, the second half of it perhaps as zeros. */
  powerLoss(keep: (unsynced: number) => { bytes: number; zeros: boolean }): boolean {
    let lost = false;
    for (const [name, file] of this.files) {
      const unsynced = file.size - file.synced;
      if (unsynced === 0) continue;
      lost = true;
      const kept = keep(unsynced);
      file.size = file.synced + kept.bytes;
      if (kept.zeros) file.bytes.fill(0, file.synced + (kept.bytes >> 1), file.size);
      file.synced = file.size;
      if (file.size === 0) this.files.delete(name);
    }
    return lost;
  }

  /** Whether these bytes stand anywhere on the disk. */
  holds(text: string): string | null {
    for (const [name, file] of this.files) if (file.bytes.subarray(0, file.size).includes(text)) return name;
    return null;
  }

  #file(name: string): File {
    const known = this.files.get(name);
    if (known !== undefined) return known;
    const made = { bytes: Buffer.alloc(4096), size: 0, synced: 0 };
    this.files.set(name, made);
    return made;
  }
}
