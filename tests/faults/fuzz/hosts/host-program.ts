// Fuzzes both window hosts in a process of their own: `node host-program.ts SEED RUNS CROWD`. One
// JSON line an injection, then one with the end. The engine behind them is real up to its procedures.
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { relayRenderer } from '../../../../main/engine/relay-renderer.ts'
import { startPageServer } from '../../../../main/serve/http-server.ts'
import { Sessions } from '../../../../main/serve/sessions.ts'
import { broke, held, type Injection } from '../../fault-class.ts'
import { seeded } from '../random.ts'
import { crowd } from './crowd.ts'
import { hostEnvironment, recordingEngine } from './recording-engine.ts'
import type { Door } from './upgrade-request.ts'
import { fuzzSocketBytes, fuzzUpgrades } from './web-sockets.ts'
import { fuzzWindow } from './window-port.ts'

const [seed = 1, runs = 50, most = 50] = process.argv.slice(2).map(Number)
const say = (injection: Injection): void => console.log(JSON.stringify(injection))

const folder = process.cwd()
const [home, pages] = [join(folder, 'home'), join(folder, 'pages')]
mkdirSync(pages)
writeFileSync(join(pages, 'index.html'), '<!doctype html>')
const engine = await recordingEngine(home)
const relay = {
  home,
  clientVersion: '0.0.0',
  role: 'fuzz',
  startIfAbsent: false,
  env: hostEnvironment,
}
const sessions = new Sessions()
const server = await startPageServer({
  sessions,
  folder: pages,
  port: 0,
  onRenderer: (renderer) => void relayRenderer(renderer, relay),
})
const { port } = server
const enter = () => {
  const session = sessions.redeem(sessions.newToken())
  if (session === null) throw new Error('A fresh token does not let in.')
  return { ...session, cookie: `sublet-${port}=${session.cookie}` }
}
const door: Door = { port, session: enter(), other: enter() }

say(await fuzzUpgrades(door, seeded(seed * 7 + 1), runs))
say(await fuzzSocketBytes(door, seeded(seed * 7 + 2), runs))
say(await crowd(door, engine, seeded(seed * 7 + 3), most))
say(await fuzzWindow(relay, seeded(seed * 7 + 4), runs))
const what = 'the environment of what came through to the engine'
if (engine.problems.length > 0) say(broke(what, engine.problems.slice(0, 3).join('; ')))
else if (engine.requests() === 0) say(broke(what, 'nothing came through at all'))
else say(held(what))
console.log(JSON.stringify({ end: true, rss: process.memoryUsage.rss() }))
await server.close()
engine.close()
