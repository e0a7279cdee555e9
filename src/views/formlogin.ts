/** The only place for the part of the form that asks how to log in afterwards, and with which licence. */
import type { LoginKind } from "../clouds/cloud.ts";
import { shortName } from "../line.ts";
import type { Block } from "../seams.ts";
import { alert, context, input, limits, option, plain } from "./blocks.ts";
import type { Chosen } from "./form.ts";
import { blockIds, fields } from "./formfields.ts";
import type { Asked } from "./formmeta.ts";
import { outside } from "./text.ts";

const loginWords: Readonly<Record<LoginKind, { text: string; description: string }>> = {
  "key-pair": { text: "Key pair", description: "No password leaves anyone's hands" },
  generated: { text: "Generated password", description: "Made after approval, shown to you only" },
  "keep-image": { text: "The image's own login", description: "For who knows the image's user and password" },
  provider: { text: "Password sent by the cloud", description: "The bot never sees it" },
  typed: { text: "Typed password", description: "On the next page; Slack shows it as you type" },
};

export function loginBlocks(asked: Asked, chosen: Chosen): readonly Block[] {
  const offered = chosen.choices.logins.filter(({ refused }) => refused === undefined);
  const off = chosen.choices.logins.filter(({ refused }) => refused !== undefined);
  const why = off.map(({ kind, refused }) => `${loginWords[kind].text}: ${refused ?? ""}`).join("\n");
  if (offered.length === 0) return [alert("error", `No login can be set here. ${outside(why, 150)}`)];
  const options = offered.map(({ kind }) => ({ ...loginWords[kind], value: kind }));
  const initial = options.find(({ value }) => value === asked.login) ?? options[0];
  const blocks: Block[] = [
    input({
      block: blockIds.login(asked),
      label: "Log in afterwards with",
      dispatch: true,
      element: {
        type: "radio_buttons",
        action_id: fields.login,
        options: options.map(option),
        ...(initial === undefined ? {} : { initial_option: option(initial) }),
      },
    }),
  ];
  const means = offered.find(({ kind }) => kind === initial?.value)?.means;
  if (means !== undefined) blocks.push(context(outside(means, 400)));
  if (why !== "") blocks.push(context(outside(why, 600)));
  if ((initial?.value ?? asked.login) === "key-pair") blocks.push(keyPairBlock(asked, chosen));
  return blocks;
}

function keyPairBlock(asked: Asked, { keyPairs, keyPairsSay, choices }: Chosen): Block {
  if (keyPairs === null) return alert("error", outside(keyPairsSay ?? "The key pairs could not be read.", 190));
  if (keyPairs.length === 0) {
    const none = choices.noKeyPair ?? "There is no key pair here. Create one in the console, or choose another login.";
    return alert("error", outside(none, 190));
  }
  const options = keyPairs
    .filter(({ id }) => id.length <= limits.optionValue)
    .slice(0, limits.options)
    .map(({ id, name }) => option({ text: shortName(name, id, limits.optionText), value: id, description: id }));
  if (options.length === 0) return alert("error", "The names of the key pairs here are too long for Slack to carry.");
  const before = options.find(({ value }) => value === asked.keyPair);
  return input({
    block: blockIds.keyPair(asked),
    label: "Which key pair",
    element: {
      type: "static_select",
      action_id: fields.keyPair,
      options,
      placeholder: plain("Key pair"),
      ...(before === undefined ? {} : { initial_option: before }),
    },
  });
}

const licenceWords = {
  system: { text: "Use the licence from the system", description: "Billed by the cloud" },
  byol: { text: "Bring your own licence (BYOL)", description: "You must hold one" },
} as const;

export function licenceBlock(asked: Asked, { choices }: Chosen): readonly Block[] {
  if (choices.licences.length === 0) return [];
  const offered = choices.licences.map((kind) => option({ ...licenceWords[kind], value: kind }));
  const initial = offered.find(({ value }) => value === asked.licence) ?? offered[0];
  return [
    input({
      block: blockIds.licence(asked),
      label: "Licence",
      element: { type: "radio_buttons", action_id: fields.licence, options: offered, initial_option: initial },
    }),
  ];
}
