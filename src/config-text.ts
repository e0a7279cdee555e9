/** The only place that takes YAML apart. Whatever it is given, it answers soon, in few words, and quotes none of it: it may hold a key. */
import { Lexer, LineCounter, Parser, parseDocument, type YAMLError } from "yaml";

/** A configuration is four deep. Lists and maps that are keys are written out as text, each with all that is in it. */
const depthMax = 20;
const toldMax = 50;
const wordsMax = 120;

export function readYaml(text: string): { raw: unknown } | { mistakes: readonly string[] } {
  const deep = lineTooDeep(text);
  if (deep !== null)
    return { mistakes: [`config.yml: lists and maps stand in each other more than ${depthMax} deep at line ${deep}.`] };
  const lines = new LineCounter();
  const yaml = parseDocument(text, { prettyErrors: false, lineCounter: lines, uniqueKeys: true, logLevel: "error" });
  if (yaml.errors.length > 0) return { mistakes: told(yaml.errors, lines) };
  try {
    return { raw: yaml.toJS({ maxAliasCount: 20 }) };
  } catch (error) {
    // An alias of nothing, so many that they would fill the memory, or what older YAML calls a merge.
    if (error instanceof Error) return { mistakes: [`config.yml: ${error.message.slice(0, wordsMax)}`] };
    throw error;
  }
}

function told(errors: readonly YAMLError[], lines: LineCounter): readonly string[] {
  const sentences = errors.map((error) => {
    const { line, col } = lines.linePos(error.pos[0]);
    return `config.yml: ${wordsOf(error)} at line ${line}, column ${col}.`;
  });
  return readable(sentences);
}

/** All of them, unless they are so many that the file must be another one. */
export function readable(mistakes: readonly string[]): readonly string[] {
  if (mistakes.length <= toldMax) return mistakes;
  const more = mistakes.length - toldMax;
  return [...mistakes.slice(0, toldMax), `config.yml: and ${more} more mistakes. Is it the right file?`];
}

function wordsOf({ code, message }: YAMLError): string {
  if (code === "MULTIPLE_DOCS") return "only one document may stand here, and a line of --- begins another";
  // What follows is a piece of the file.
  return message.replace(/: ".*$/s, "").slice(0, wordsMax);
}

/** The line, or null. Asked before anything is made of the text, which takes a call within a call for each level. */
function lineTooDeep(text: string): number | null {
  const parser = new Parser();
  for (const piece of new Lexer().lex(text)) {
    for (const _ of parser.next(piece));
    if (parser.stack.length <= depthMax) continue;
    if (parser.stack.filter((token) => "items" in token).length > depthMax)
      return text.slice(0, parser.offset).split("\n").length;
  }
  return null;
}
