import { useId } from "preact/hooks";
import { type ElementProps, useEntry } from "./elements.tsx";
import { type Bag, bag, bags, has, str } from "./read.ts";
import { Text } from "./text.tsx";

/** Radio buttons and checkboxes: native inputs, so that the keys people know work. */
export function Choices(props: ElementProps) {
  const { element, labelled } = props;
  const [value, enter] = useEntry(props);
  const group = useId();
  const many = element.type === "checkboxes";
  const chosen = many ? bags(value.selected_options) : [bag(value.selected_option)];
  const change = (option: Bag, on: boolean) => {
    if (!many) return enter({ type: "radio_buttons", selected_option: option });
    const rest = chosen.filter((one) => one.value !== option.value);
    return enter({ type: "checkboxes", selected_options: on ? [...rest, option] : rest });
  };
  return (
    // biome-ignore lint/a11y/useAriaPropsSupportedByRole: the role is one of two groups, and both may be named
    <div
      class="choices"
      role={many ? "group" : "radiogroup"}
      aria-label={labelled.name}
      aria-labelledby={labelled.id === undefined ? undefined : `${labelled.id}-label`}
      aria-describedby={labelled.describedBy}
      aria-invalid={many ? undefined : labelled.invalid}
      aria-required={many ? undefined : labelled.required}
    >
      {bags(element.options).map((option) => {
        const id = `${group}-${str(option.value)}`;
        return (
          <div class="choice" key={str(option.value)}>
            <input
              type={many ? "checkbox" : "radio"}
              id={id}
              name={group}
              checked={chosen.some((one) => one.value === option.value)}
              aria-describedby={has(option.description) ? `${id}-more` : undefined}
              aria-invalid={labelled.invalid}
              onChange={(event) => void change(option, event.currentTarget.checked)}
            />
            <label for={id}>
              <Text of={option.text} />
            </label>
            {has(option.description) && (
              <div class="choice-more" id={`${id}-more`}>
                <Text of={option.description} />
              </div>
            )}
          </div>
        );
      })}
    </div>
  );
}
