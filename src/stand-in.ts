/** The only place that says which account speaks for a server whose own has left the config, or goes by another name there. */
import { type Cloud, NoAccount, type ServerRef } from "./clouds/cloud.ts";
import type { OpenAccount } from "./clouds/clouds.ts";
import type { Inventory } from "./inventory.ts";

export type AccountOf = (ref: ServerRef) => Pick<OpenAccount, "cloud" | "probe"> | null;

export function accountFinder(accounts: readonly OpenAccount[], inventory: Pick<Inventory, "meant">): AccountOf {
  return (ref) => {
    const others = accounts.filter((one) => one.word === ref.cloud && one.site === ref.site);
    const own = others.find(({ name }) => name === ref.account);
    if (own !== undefined) return own;
    const near = others.filter(({ regions }) => regions.includes(ref.region));
    const holders = inventory.meant(ref.id).flatMap(({ server }) => (server === null ? [] : [server.ref.account]));
    const found = near.find(({ name }) => holders.includes(name)) ?? near[0];
    return found === undefined ? null : { ...found, cloud: standIn(found) };
  };
}

/** Renamed in the config, the account reaches the same server. Another account that does not have it says nothing of whether it still exists. */
function standIn({ name, cloud }: OpenAccount): Cloud {
  return {
    ...cloud,
    async server(ref, use) {
      const server = await cloud.server(ref, use);
      if (server.power !== "gone") return server;
      throw new NoAccount(
        `The bot's config no longer names the account ${ref.account}, and ${name} does not have this server.`,
      );
    },
  };
}
