/** The only place where one types: a message, or a slash command with its suggestions. */
import { useEffect, useId, useLayoutEffect, useRef, useState } from "preact/hooks";
import type { PageAnswer, PageState } from "../contract.ts";

interface ComposerProps {
  id?: string;
  label: string;
  placeholder: string;
  commands: PageState["commands"];
  /** A text put here by the page; `at` tells two equal ones apart. */
  given?: { text: string; at: number };
  focused?: boolean;
  onSend(text: string): Promise<PageAnswer>;
}

export function Composer(props: ComposerProps) {
  const { given } = props;
  const [text, setText] = useState("");
  const [active, setActive] = useState(0);
  const [hidden, setHidden] = useState(false);
  const [trouble, setTrouble] = useState("");
  const box = useRef<HTMLTextAreaElement>(null);
  const list = useId();
  const offered = hidden ? [] : matching(props.commands, text);
  const choosing = offered.length > 0 && !text.includes(" ");

  // Before anything else can happen, so that Enter right after the press sends it.
  useLayoutEffect(() => {
    if (given === undefined || given.text === "") return;
    setText(given.text);
    box.current?.focus();
  }, [given]);
  useEffect(() => {
    if (props.focused === true) box.current?.focus();
  }, [props.focused]);

  const type = (next: string) => {
    setText(next);
    setActive(0);
    setHidden(false);
    setTrouble("");
  };
  const send = async () => {
    const words = text.trim();
    if (words === "") return;
    setText("");
    const answer = await props.onSend(words);
    if (answer.ok) return;
    setTrouble(answer.says);
    setText((now) => (now === "" ? words : now));
  };
  const complete = () => type(`${offered[active]?.command ?? text} `);
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.isComposing) return;
    const act = keyAct(event);
    if (act === null) return;
    event.preventDefault();
    act();
  };
  function keyAct(event: KeyboardEvent): (() => void) | null {
    if (choosing && event.key === "ArrowDown") return () => setActive((active + 1) % offered.length);
    if (choosing && event.key === "ArrowUp") return () => setActive((active + offered.length - 1) % offered.length);
    if (choosing && event.key === "Escape") return () => setHidden(true);
    const exact = offered.some((one) => one.command === text);
    if (choosing && (event.key === "Tab" || (event.key === "Enter" && !exact))) return complete;
    return event.key === "Enter" && !event.shiftKey ? () => void send() : null;
  }
  return (
    <div class="composer">
      {offered.length > 0 && (
        <Suggestions
          id={list}
          offered={offered}
          active={choosing ? active : -1}
          onChoose={(command) => {
            type(`${command} `);
            box.current?.focus();
          }}
        />
      )}
      <div class="composer-box">
        <textarea
          ref={box}
          id={props.id}
          rows={1}
          role="combobox"
          aria-label={props.label}
          aria-expanded={choosing}
          aria-controls={list}
          aria-autocomplete="list"
          aria-activedescendant={choosing ? `${list}-${active}` : undefined}
          placeholder={props.placeholder}
          value={text}
          onInput={(event) => type(event.currentTarget.value)}
          onKeyDown={onKeyDown}
          spellcheck={false}
        />
        <button type="button" class="send" aria-label="Send" disabled={text.trim() === ""} onClick={() => void send()}>
          <svg viewBox="0 0 20 20" width="18" height="18" aria-hidden="true">
            <path d="M2.5 3.2 18 10 2.5 16.8l2-5.9L12 10l-7.5-.9z" fill="currentColor" />
          </svg>
        </button>
      </div>
      <p class="trouble" role="alert">
        {trouble}
      </p>
    </div>
  );
}

/** While the command is typed: all that begin so. Behind it: that one alone, for its usage. */
function matching(commands: PageState["commands"], text: string): PageState["commands"] {
  if (!text.startsWith("/")) return [];
  const [word = ""] = text.split(" ");
  if (text.includes(" ")) return commands.filter((one) => one.command === word);
  return commands.filter((one) => one.command.startsWith(word));
}

interface SuggestionsProps {
  id: string;
  offered: PageState["commands"];
  active: number;
  onChoose(command: string): void;
}

function Suggestions({ id, offered, active, onChoose }: SuggestionsProps) {
  return (
    <div class="suggestions" role="listbox" id={id} aria-label="Commands">
      {offered.map((one, at) => (
        <div
          key={one.command}
          id={`${id}-${at}`}
          role="option"
          tabIndex={-1}
          aria-selected={at === active}
          class={at === active ? "suggestion suggestion-active" : "suggestion"}
          onMouseDown={(event) => event.preventDefault()}
          onClick={() => onChoose(one.command)}
          onKeyDown={undefined}
        >
          <span>
            <strong>{one.command}</strong> <span class="usage">{one.usage}</span>
          </span>
          <span class="suggestion-more">{one.description}</span>
        </div>
      ))}
    </div>
  );
}
