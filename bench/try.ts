import { callsAMinute } from "./flows.ts";
for (const name of ["tencent","huawei","otc","jdcloud"] as const) for (const n of (process.argv[2]??"1,100").split(",").map(Number)) { const t=performance.now(); 
 try { console.log(name, n, await callsAMinute(name, n), Math.round(performance.now()-t), "ms"); } catch (e) { console.log(name, n, e); } }
