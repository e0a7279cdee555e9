/** The only place that lets time pass at once in a process of its own: its clocks go on from where they are told to. */

/**
 * A module for `node --import`: both clocks are so many milliseconds ahead, and further by each number that comes as a line on
 * stdin. Waits that have begun end as they would have.
 */
export function ahead(ms: number): string {
  return `data:text/javascript,${encodeURIComponent(`
    let ahead = ${ms};
    const wall = Date.now;
    const mono = performance.now.bind(performance);
    Date.now = () => wall() + ahead;
    performance.now = () => mono() + ahead;
    process.stdin.setEncoding("utf8").on("data", (lines) => {
      for (const line of lines.split("\\n")) ahead += Number(line);
    });`)}`;
}
