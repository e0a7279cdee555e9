import { useId } from "preact/hooks";
import { usePlace } from "./context.ts";
import { Control } from "./elements.tsx";
import { type Bag, bag, has, str } from "./read.ts";
import { Text } from "./text.tsx";

/** An input block: label, element, hint, and the error that belongs to it, tied together for screen readers. */
export function InputBlock({ block }: { block: Bag }) {
  const id = useId();
  const place = usePlace();
  const element = bag(block.element);
  const blockId = str(block.block_id);
  const error = place.errors[blockId];
  const grouped = element.type === "radio_buttons" || element.type === "checkboxes";
  const described = [error === undefined ? "" : `${id}-error`, has(block.hint) ? `${id}-hint` : ""].filter(Boolean);
  const label = (
    <>
      <Text of={block.label} />
      {block.optional === true && <span class="optional"> (optional)</span>}
    </>
  );
  return (
    <div class={error === undefined ? "field" : "field field-wrong"}>
      {grouped ? (
        <div class="label" id={`${id}-label`}>
          {label}
        </div>
      ) : (
        <label class="label" id={`${id}-label`} for={id}>
          {label}
        </label>
      )}
      <Control
        element={element}
        blockId={blockId}
        labelled={{
          id,
          describedBy: described.join(" ") || undefined,
          invalid: error !== undefined,
          required: block.optional !== true,
          dispatches: block.dispatch_action === true,
        }}
      />
      {error !== undefined && (
        <p class="field-error" id={`${id}-error`}>
          {error}
        </p>
      )}
      {has(block.hint) && (
        <p class="hint" id={`${id}-hint`}>
          <Text of={block.hint} />
        </p>
      )}
    </div>
  );
}
