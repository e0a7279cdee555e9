/** The switches that make something go wrong: by cloud and for Slack, folded, and found by a word. */
import { useState } from "preact/hooks";
import type { PageState } from "../contract.ts";
import { usePage } from "./context.ts";

type Group = Pick<PageState["clouds"][number], "cloud" | "title" | "faults">;

export function Faults({ state }: { state: PageState }) {
  const [text, setText] = useState("");
  const groups = groupsOf(state);
  const shown = groups
    .map((group) => ({ ...group, faults: group.faults.filter(({ label }) => fits(`${group.title} ${label}`, text)) }))
    .filter((group) => group.faults.length > 0);
  const armed = armedIn(groups);
  return (
    <details class="card">
      <summary>
        <h3>Break something</h3>
        <span class={armed > 0 ? "state state-armed" : "quiet"}>{armed > 0 ? `${armed} on` : "all off"}</span>
      </summary>
      <input
        class="input faults-find"
        type="search"
        aria-label="Find a switch"
        placeholder="Find: lost, throttled, down…"
        value={text}
        onInput={(event) => setText(event.currentTarget.value)}
      />
      {shown.map((group) => (
        <FaultGroup key={group.cloud} group={group} found={text.trim() !== ""} />
      ))}
      {shown.length === 0 && <p class="quiet">No switch is called that.</p>}
    </details>
  );
}

function groupsOf(state: PageState): readonly Group[] {
  const clouds = state.clouds.map(({ cloud, title, faults }) => ({ cloud, title, faults }));
  return [...clouds, { cloud: "slack", title: "Slack", faults: state.slackFaults }].filter(
    ({ faults }) => faults.length > 0,
  );
}

function armedIn(groups: readonly Group[]): number {
  return groups.flatMap(({ faults }) => faults).filter(({ armed }) => armed).length;
}

/** Every word of the text, in any order. */
function fits(label: string, text: string): boolean {
  const said = label.toLowerCase();
  return text
    .toLowerCase()
    .split(/\s+/)
    .every((word) => said.includes(word));
}

function FaultGroup({ group: { cloud, title, faults }, found }: { group: Group; found: boolean }) {
  const page = usePage();
  const [open, setOpen] = useState(() => armedIn([{ cloud, title, faults }]) > 0);
  const armed = faults.filter((fault) => fault.armed).length;
  return (
    <details
      class="faults"
      open={open || found}
      onToggle={(event) => {
        // What a search unfolds, folds again after it.
        if (!found) setOpen(event.currentTarget.open);
      }}
    >
      <summary>
        <h4 id={`faults-${cloud}`}>{title}</h4>
        <span class={armed > 0 ? "state state-armed" : "quiet"}>{armed > 0 ? `${armed} on` : faults.length}</span>
      </summary>
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset's legend cannot be the summary that folds it */}
      <div role="group" aria-labelledby={`faults-${cloud}`}>
        {faults.map((fault) => (
          <label class="switch" key={fault.id}>
            <input
              type="checkbox"
              role="switch"
              checked={fault.armed}
              aria-checked={fault.armed}
              onChange={(event) =>
                void page.act({ do: "fault", cloud, fault: fault.id, armed: event.currentTarget.checked })
              }
            />
            <span class="switch-track" aria-hidden="true" />
            <span>{fault.label}</span>
          </label>
        ))}
      </div>
    </details>
  );
}
