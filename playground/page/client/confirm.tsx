import { useId } from "preact/hooks";
import { Dialog } from "./dialog.tsx";
import { plainWords } from "./emoji.ts";
import type { Bag } from "./read.ts";
import { Text } from "./text.tsx";

/** A confirm object, asked on top of everything. The careful answer has the focus. */
export function Confirm({ dialog, onAnswer }: { dialog: Bag; onAnswer: (yes: boolean) => void }) {
  const id = useId();
  return (
    <Dialog
      class="dialog confirm"
      role="alertdialog"
      labelledBy={`${id}-title`}
      describedBy={`${id}-text`}
      step="ask"
      onEscape={() => onAnswer(false)}
    >
      <h2 class="dialog-title" id={`${id}-title`}>
        {plainWords(dialog.title)}
      </h2>
      <div class="confirm-text" id={`${id}-text`}>
        <Text of={dialog.text} />
      </div>
      <div class="dialog-buttons">
        <button type="button" class="button" data-first onClick={() => onAnswer(false)}>
          {plainWords(dialog.deny)}
        </button>
        <button
          type="button"
          class={`button button-${dialog.style === "danger" ? "danger" : "primary"}`}
          onClick={() => onAnswer(true)}
        >
          {plainWords(dialog.confirm)}
        </button>
      </div>
    </Dialog>
  );
}
