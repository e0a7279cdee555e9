/** Channels, and the switch between people. */
import type { PageUser } from "../contract.ts";
import { Avatar } from "./avatar.tsx";
import { usePage } from "./context.ts";
import { signOf } from "./guide.ts";

interface SidebarProps {
  open: boolean;
  person: string;
  switchTo(user: string): void;
  goTo(channel: string): void;
}

export function Sidebar({ open, person, switchTo, goTo }: SidebarProps) {
  const { state, channel } = usePage();
  return (
    <nav class={open ? "sidebar sidebar-open" : "sidebar"} aria-label="Workspace">
      <div class="brand">
        <span class="brand-mark" aria-hidden="true">
          ⟳
        </span>
        <span>
          <strong>Playground</strong>
          <small>not Slack, a stand-in</small>
        </span>
      </div>
      <h2 class="side-title" id="channels">
        Channels
      </h2>
      <ul class="channels" aria-labelledby="channels">
        {state.channels.map((one) => (
          <li key={one.id}>
            <button
              type="button"
              class={one.id === channel ? "channel-link channel-here" : "channel-link"}
              aria-current={one.id === channel ? "page" : undefined}
              onClick={() => goTo(one.id)}
            >
              <span aria-hidden="true">{signOf(one.id)} </span>
              {one.name}
            </button>
          </li>
        ))}
      </ul>
      <fieldset class="people">
        <legend class="side-title">You act as</legend>
        {state.users.map((user) => (
          <Person key={user.id} user={user} mine={user.id === person} onChoose={() => switchTo(user.id)} />
        ))}
      </fieldset>
      <p class="side-note">Nothing here leaves this machine.</p>
    </nav>
  );
}

function Person({ user, mine, onChoose }: { user: PageUser; mine: boolean; onChoose: () => void }) {
  const id = `person-${user.id}`;
  return (
    <div class="person">
      <input
        type="radio"
        class="person-radio"
        name="person"
        id={id}
        checked={mine}
        aria-describedby={`${id}-title`}
        onChange={onChoose}
      />
      <label for={id} class="person-label">
        <Avatar id={user.id} bot={false} small />
        <span class="person-name">{user.name}</span>
      </label>
      <span class="person-title" id={`${id}-title`}>
        {user.title}
      </span>
    </div>
  );
}
