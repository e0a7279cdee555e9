/** The only place that says how many histories `npm test` plays, and so within how many every planted fault must be found. */
export const amounts = { ofOne: 20_000, ofMany: 500, flows: 20 } as const;
