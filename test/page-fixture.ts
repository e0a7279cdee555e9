/** A made-up workspace behind the real page: tests set what the page shows and read what it asks for. */
import { fileURLToPath } from "node:url";
import type { PageAct, PageAnswer, PageMessage, PageModal, PageState } from "../playground/page/contract.ts";
import { type PageServer, servePage } from "../playground/page/server.ts";

export const folder = fileURLToPath(new URL("../dist/page", import.meta.url));
export const home = "C1";

export interface Fixture {
  url: string;
  acts: PageAct[];
  /** Changes what everybody sees. */
  set(change: Partial<PageState>): void;
  say(...messages: readonly PageMessage[]): void;
  open(modal: Partial<PageModal> | null): void;
  /** What the next acts are answered with. */
  answer: (act: PageAct) => PageAnswer | Promise<PageAnswer>;
  close(): Promise<void>;
}

export async function startFixture(port = 0): Promise<Fixture> {
  let state = workspace();
  let changed = () => {};
  const acts: PageAct[] = [];
  const server: PageServer = await servePage({
    folder,
    port,
    source: {
      state: (user) => ({ ...state, me: user || state.me }),
      act: async (act) => {
        acts.push(act);
        return fixture.answer(act);
      },
      onChange: (callback) => {
        changed = callback;
      },
    },
  });
  const set = (change: Partial<PageState>) => {
    state = { ...state, ...change };
    changed();
  };
  const fixture: Fixture = {
    url: `http://127.0.0.1:${server.port}/`,
    acts,
    set,
    say: (...messages) => set({ messages: { [home]: [...(state.messages[home] ?? []), ...messages] } }),
    open: (modal) =>
      set({
        modal: modal === null ? null : { viewId: "V1", hash: "1", view: {}, errors: {}, depth: 0, ...modal },
      }),
    answer: () => ({ ok: true }),
    close: () => server.close(),
  };
  return fixture;
}

export const now = Date.UTC(2026, 0, 15, 3, 20);

export function message(seconds: number, change: Partial<PageMessage>): PageMessage {
  return { ts: `${now / 1000 + seconds}.000100`, from: "UBOT", bot: true, text: "", blocks: [], ...change };
}

export const plain = (text: string) => ({ type: "plain_text", text });
export const mrkdwn = (text: string) => ({ type: "mrkdwn", text });
export const button = (text: string, more: object = {}) => ({
  type: "button",
  action_id: text.toLowerCase(),
  text: plain(text),
  ...more,
});

function workspace(): PageState {
  return {
    me: "U1",
    users: [
      { id: "U1", name: "erin", title: "on-call engineer", kind: "member" },
      { id: "U2", name: "ana", title: "approver", kind: "member" },
      { id: "U3", name: "abel", title: "second approver", kind: "member" },
      { id: "U4", name: "oscar", title: "engineer of another team", kind: "member" },
      { id: "U5", name: "gita", title: "guest", kind: "guest" },
      { id: "U6", name: "dario", title: "left the company", kind: "deactivated" },
    ],
    groups: [{ id: "S1", handle: "oncall-approvers", users: ["U2", "U3"] }],
    botUser: { id: "UBOT", name: "reinstall" },
    channels: [
      { id: home, name: "incident-4211" },
      { id: "C2", name: "ops" },
    ],
    shortcuts: [
      { name: "Reinstall a server", type: "global", callback: "reinstall" },
      { name: "Reinstall a server here", type: "message", callback: "reinstall-here" },
    ],
    commands: [
      { command: "/reinstall", description: "Reinstall a server", usage: "[server name, id or IP] | help" },
      { command: "/change-os", description: "Reinstall with another image", usage: "[server] | help" },
      { command: "/reinstall-status", description: "Show open reinstalls", usage: "[request or server]" },
    ],
    messages: { [home]: [] },
    modal: null,
    clouds: [
      {
        cloud: "tencent",
        title: "Tencent Cloud",
        servers: Array.from({ length: 132 }, (_, at) => panelServer(at + 1)),
        faults: [
          { id: "fails", label: "The next reinstall fails", armed: false },
          { id: "lost", label: "The next answer gets lost, though it took effect", armed: true },
        ],
      },
    ],
    slackFaults: [{ id: "429", label: "Slack answers 429 for a while", armed: false }],
    bot: { state: "running", kills: 0, starts: 1 },
    now,
    speed: 20,
  };
}

function panelServer(at: number): PageState["clouds"][number]["servers"][number] {
  const name = `web-${String(at).padStart(2, "0")}`;
  return {
    id: `ins-${String(at).padStart(8, "0")}`,
    name,
    region: "ap-guangzhou",
    about: at % 40 === 3 ? "spot instance" : "",
    state: at === 90 ? "REBOOTING" : at % 11 === 0 ? "STOPPED" : "RUNNING",
    image: "img-487zeit5 (Ubuntu Server 22.04 LTS 64bit)",
    systemDisk: `disk-${at} (50 GB)`,
    operation: at === 90 ? "ResetInstance OPERATING" : "",
    reinstalls: at === 12 ? 1 : 0,
  };
}
