import { usePage } from "./context.ts";

/** A person's initials on a colour of their own. */
export function Avatar({ id, bot, small = false }: { id: string; bot: boolean; small?: boolean }) {
  const { state } = usePage();
  const name = state.users.find((user) => user.id === id)?.name ?? "";
  const initials = name
    .split(/[\s._-]+/)
    .slice(0, 2)
    .map((word) => word.slice(0, 1).toUpperCase())
    .join("");
  const hue = 175 + state.users.findIndex((user) => user.id === id) * 67;
  return (
    <span
      class={`avatar${small ? " avatar-small" : ""}${bot ? " avatar-bot" : ""}`}
      style={bot ? undefined : { "--hue": hue }}
      aria-hidden="true"
    >
      {bot ? "⟳" : initials || "?"}
    </span>
  );
}
