/** The only place that opens native dialogs: the browser keeps the focus inside and the rest of the page out of reach. */
import type { ComponentChildren } from "preact";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";

interface DialogProps {
  class: string;
  role: "dialog" | "alertdialog";
  labelledBy: string;
  describedBy?: string;
  /** Focus moves to the first field again when this changes. */
  step: string;
  onEscape(): void;
  children: ComponentChildren;
}

const fields = "input:not([type=hidden]),textarea,select";

export function Dialog({ class: name, role, labelledBy, describedBy, step, onEscape, children }: DialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  useLayoutEffect(() => {
    const before = document.activeElement;
    const shown = dialog.current;
    shown?.showModal();
    return () => {
      shown?.close();
      if (before instanceof HTMLElement && before.isConnected) before.focus();
      if (document.activeElement === document.body) document.querySelector<HTMLElement>("#composer")?.focus();
    };
  }, []);
  useLayoutEffect(() => firstField(dialog.current)?.focus(), [step]);
  // A redraw may take away the element that had the focus; keys would then go nowhere.
  useEffect(() => {
    const shown = dialog.current;
    if (shown === null || shown.contains(document.activeElement) || document.querySelector("dialog:modal") !== shown)
      return;
    (firstField(shown) ?? shown).focus();
  });
  return (
    <dialog
      ref={dialog}
      class={name}
      role={role}
      tabIndex={-1}
      aria-labelledby={labelledBy}
      aria-describedby={describedBy}
      onCancel={(event) => event.preventDefault()}
      onKeyDown={(event) => {
        if (event.key !== "Escape") return;
        event.preventDefault();
        event.stopPropagation();
        onEscape();
      }}
    >
      {children}
    </dialog>
  );
}

function firstField(dialog: HTMLElement | null): HTMLElement | null {
  return (
    dialog?.querySelector<HTMLElement>("[data-autofocus=true]") ??
    dialog?.querySelector<HTMLElement>(fields) ??
    dialog?.querySelector<HTMLElement>("[data-first]") ??
    null
  );
}
