/** What `node` itself hands to a CommonJS module, in its order. */
type Bundle = (
  require: NodeJS.Require,
  module: { exports: object },
  exports: object,
  filename: string,
  folder: string,
) => void;

export declare const wrapping: { before: string; after: string };
export declare function compile(filename: string): { bundle: Bundle; asKept: boolean };
export declare function kept(source: Uint8Array, filename: string): Buffer;
export declare function keptPath(filename: string): string;
