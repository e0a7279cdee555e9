/** The simulated servers of every cloud: what the visitor set going comes first, then those that are there to show something. */
import { useState } from "preact/hooks";
import type { PanelServer } from "../../clouds/sim.ts";
import type { PageState } from "../contract.ts";
import { usePage } from "./context.ts";

/** More rows than this are shown on request only. */
const shownAtFirst = 25;

export function Servers({ clouds }: { clouds: PageState["clouds"] }) {
  const [only, setOnly] = useState("");
  const [text, setText] = useState("");
  const [all, setAll] = useState(false);
  const rows = clouds
    .filter((cloud) => only === "" || cloud.cloud === only)
    .flatMap(({ cloud, title, servers }) => servers.map((server) => ({ cloud, title, server })));
  const found = inOrder(rows.filter(({ server }) => fits(server, text)));
  const shown = all ? found : found.slice(0, shownAtFirst);
  return (
    <section class="card" aria-labelledby="servers-title">
      <div class="card-head">
        <h3 id="servers-title">Servers</h3>
        <span class="quiet" role="status">
          {found.length} of {rows.length}
        </span>
      </div>
      <div class="servers-find">
        <input
          class="input"
          type="search"
          aria-label="Find a server"
          placeholder="Find by name, id, state…"
          value={text}
          onInput={(event) => setText(event.currentTarget.value)}
        />
        {clouds.length > 1 && (
          <select
            class="input"
            aria-label="Cloud"
            value={only}
            onChange={(event) => setOnly(event.currentTarget.value)}
          >
            <option value="">All clouds</option>
            {clouds.map((cloud) => (
              <option key={cloud.cloud} value={cloud.cloud}>
                {cloud.title}
              </option>
            ))}
          </select>
        )}
      </div>
      <ul class="servers">
        {shown.map(({ cloud, title, server }) => (
          <Row key={`${cloud}/${server.region}/${server.id}`} cloud={cloud} title={title} server={server} />
        ))}
      </ul>
      {found.length > shown.length && (
        <button type="button" class="link-button" onClick={() => setAll(true)}>
          Show all {found.length}
        </button>
      )}
    </section>
  );
}

function fits(server: PanelServer, text: string): boolean {
  const said = [server.name, server.id, server.region, server.about, server.state, server.image, server.operation];
  return said.join(" ").toLowerCase().includes(text.trim().toLowerCase());
}

/** A provider's word for work in hand ends in "ing", or its operation is not finished yet. */
export function isBusy(server: PanelServer): boolean {
  const working = /(ing$|reboot|rebuild|pending|resize)/i.test(server.state) && !/^running$/i.test(server.state);
  return working || /operating|\brunning\b|\binit\b|…|in progress|\d+ ?%/i.test(server.operation);
}

function inOrder<Row extends { server: PanelServer }>(rows: readonly Row[]): readonly Row[] {
  const rank = ({ server }: Row) => {
    if (server.about === "" && isBusy(server)) return 0;
    if (server.reinstalls > 0) return 1;
    if (isBusy(server)) return 2;
    return server.about === "" ? 4 : 3;
  };
  return rows.toSorted((one, other) => rank(one) - rank(other));
}

const consoleActs = [
  { what: "stop", label: "Stop" },
  { what: "start", label: "Start" },
  { what: "reinstall", label: "Reinstall" },
  { what: "delete", label: "Delete" },
] as const;

function Row({ cloud, title, server }: { cloud: string; title: string; server: PanelServer }) {
  const page = usePage();
  const tone = isBusy(server) ? "busy" : /^(running|active)$/i.test(server.state) ? "up" : "down";
  return (
    <li>
      <details class="server">
        <summary>
          <span class={`dot dot-${tone}`} aria-hidden="true" />
          <span class="server-name">{server.name || server.id}</span>
          {server.reinstalls > 0 && <span class="wiped">wiped {server.reinstalls}×</span>}
          <span class={`server-state server-${tone}`}>{server.state}</span>
          {server.about !== "" && <span class="server-about">{server.about}</span>}
        </summary>
        <dl>
          <Fact name="Cloud" says={`${title} · ${server.region}`} />
          <Fact name="Id" says={server.id} />
          <Fact name="Image" says={server.image} />
          <Fact name="System disk" says={server.systemDisk} />
          <Fact name="Operation" says={server.operation || "none"} />
          <Fact name="Reinstalls" says={String(server.reinstalls)} />
        </dl>
        {/* biome-ignore lint/a11y/useSemanticElements: a row of buttons, not a part of a form */}
        <div class="console" role="group" aria-label={`Somebody else, in the console of ${server.name || server.id}`}>
          <span class="quiet">Somebody else, in the console:</span>
          {consoleActs.map(({ what, label }) => (
            <button
              type="button"
              class="button button-small"
              key={what}
              onClick={() => void page.act({ do: "console", cloud, server: server.id, what })}
            >
              {label}
            </button>
          ))}
        </div>
      </details>
    </li>
  );
}

function Fact({ name, says }: { name: string; says: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{says}</dd>
    </div>
  );
}
