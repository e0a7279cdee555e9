// Stands in the bot's bundle for packages that Bolt asks for at its start and the bot never uses: to use one all the same fails, with its reason.
module.exports = new Proxy(
  {},
  {
    get(_, name) {
      if (name === "__esModule" || typeof name === "symbol") return undefined;
      throw new Error(`"${name}" is of a package that is left out of this bundle: see scripts/build.mjs`);
    },
  },
);
