/** The only place for the help of each command. */

const texts: Readonly<Record<string, string>> = {
  "/reinstall": [
    "*Reinstall the operating system of a cloud server.* Everything on its system disk is lost; data disks are kept.",
    "• `/reinstall` opens the form; `/reinstall web-01` opens it for that server (name, id or IP).",
    "• Somebody else must approve. Then the bot does it and reports in the thread.",
    "• `/change-os` is the same with another image. `/reinstall-status` shows what is open.",
  ].join("\n"),
  "/change-os": [
    "*Reinstall a cloud server with another image.* Everything on its system disk is lost; data disks are kept.",
    "• `/change-os web-01` opens the form for that server (name, id or IP) at the choice of the image.",
    "• Somebody else must approve. Then the bot does it and reports in the thread.",
  ].join("\n"),
  "/reinstall-status": [
    "*Show reinstalls.*",
    "• `/reinstall-status` lists open requests and the latest finished ones.",
    "• `/reinstall-status web-01` (server name or id) or `/reinstall-status r…` (request) shows one in detail.",
  ].join("\n"),
};

/** What to type where the bot is missing; by the name that the manifest gives it. */
export const invite = "/invite @Reinstall";

export function helpText(command: string): string {
  return texts[command] ?? `I do not know ${command}. Try \`/reinstall help\`.`;
}
