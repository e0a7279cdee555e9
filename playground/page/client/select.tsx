/** The only place that draws select menus: a combobox with a listbox, for options that came with the view and for ones that are looked up. */
import { useEffect, useId, useRef, useState } from "preact/hooks";
import { type ElementProps, useEntry } from "./elements.tsx";
import { plainWords, withEmoji } from "./emoji.ts";
import { type Bag, bag, has, str, words } from "./read.ts";
import { type Group, useOptions } from "./suggest.ts";
import { Text } from "./text.tsx";

export function Select(props: ElementProps) {
  const { element, labelled } = props;
  const [value, enter] = useEntry(props);
  const [open, setOpen] = useState(false);
  /** What is typed; null while the chosen option is shown. */
  const [typed, setTyped] = useState<string | null>(null);
  const [wanted, setActive] = useState(0);
  const list = useId();
  const chosen = has(value.selected_option) ? bag(value.selected_option) : null;
  const { groups, says, ready } = useOptions(props, open, typed ?? "");
  const options = groups.flatMap((group) => group.options);
  const active = Math.max(0, Math.min(wanted, options.length - 1));

  const show = (on: boolean) => {
    setOpen(on);
    setActive(0);
    if (!on) setTyped(null);
  };
  const choose = (option: Bag | null) => {
    show(false);
    if (option?.value !== chosen?.value) void enter({ type: element.type, selected_option: option });
  };
  const leave = () => {
    if (typed === "" && !labelled.required && chosen !== null) choose(null);
    else show(false);
  };
  const move = (by: number) => {
    if (!open) return show(true);
    if (options.length > 0) setActive((active + by + options.length) % options.length);
  };
  const keys: Readonly<Record<string, () => void>> = {
    ArrowDown: () => move(1),
    ArrowUp: () => move(-1),
    Enter: () => {
      if (!open) return show(true);
      const option = options[active];
      if (option !== undefined && ready) choose(option);
    },
    ...(open ? { Escape: () => show(false), Home: () => setActive(0), End: () => setActive(options.length - 1) } : {}),
  };
  return (
    <div class="select">
      <input
        class="input"
        type="text"
        role="combobox"
        id={labelled.id}
        autocomplete="off"
        spellcheck={false}
        aria-label={labelled.name}
        aria-expanded={open}
        aria-controls={list}
        aria-autocomplete="list"
        aria-activedescendant={open && options.length > 0 ? `${list}-${active}` : undefined}
        aria-describedby={labelled.describedBy}
        aria-invalid={labelled.invalid}
        aria-required={labelled.required}
        placeholder={words(element.placeholder) || "Choose an option"}
        data-autofocus={element.focus_on_load === true}
        value={typed ?? plainWords(chosen?.text)}
        onInput={(event) => {
          setTyped(event.currentTarget.value);
          setActive(0);
          setOpen(true);
        }}
        onClick={() => show(!open || typed !== null)}
        onBlur={leave}
        onKeyDown={(event) => {
          const act = keys[event.key];
          if (act === undefined) return;
          event.preventDefault();
          event.stopPropagation();
          act();
        }}
      />
      <span class="select-arrow" aria-hidden="true" />
      {open && <List id={list} groups={groups} says={says} active={active} chosen={chosen} onChoose={choose} />}
    </div>
  );
}

interface ListProps {
  id: string;
  groups: readonly Group[];
  says: string;
  active: number;
  chosen: Bag | null;
  onChoose(option: Bag): void;
}

function List({ id, groups, says, active, chosen, onChoose }: ListProps) {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => box.current?.scrollIntoView({ block: "nearest" }), []);
  useEffect(() => {
    box.current?.querySelector(`[id="${id}-${active}"]`)?.scrollIntoView({ block: "nearest" });
  }, [active, id]);
  let at = 0;
  const items = groups.map((group) => {
    const options = group.options.map((option) => {
      const index = at++;
      return (
        <div
          key={str(option.value)}
          id={`${id}-${index}`}
          role="option"
          tabIndex={-1}
          class={index === active ? "option option-active" : "option"}
          aria-selected={option.value === chosen?.value}
          // The input keeps the focus, as a combobox should.
          onMouseDown={(event) => event.preventDefault()}
          onClick={() => onChoose(option)}
          onKeyDown={undefined}
        >
          <span class="option-text">
            <Text of={option.text} />
          </span>
          {has(option.description) && (
            <span class="option-more">
              <Text of={option.description} />
            </span>
          )}
        </div>
      );
    });
    if (group.label === "") return options;
    return (
      // biome-ignore lint/a11y/useSemanticElements: a fieldset is not allowed in a listbox
      <div role="group" aria-label={group.label} key={group.label}>
        <div class="option-group" aria-hidden="true">
          {withEmoji(group.label)}
        </div>
        {options}
      </div>
    );
  });
  return (
    <div class="listbox" ref={box}>
      <div role="listbox" id={id} aria-label="Options">
        {items}
      </div>
      {says !== "" && (
        <p class="listbox-says" role="status">
          {says}
        </p>
      )}
    </div>
  );
}
