#!/usr/bin/env node
// Builds the renderer, the desktop host and its preload, and puts them into out/ in one step each,
// so that a running host never serves half of a build.
import fs from 'node:fs'
import path from 'node:path'
import url from 'node:url'

const root = path.resolve(path.dirname(url.fileURLToPath(import.meta.url)), '..')
const out = path.join(root, 'out')
const fresh = path.join(out, `.build-${process.pid}`)
const startedAt = new Date()
process.chdir(root)
process.env.SUBLET_OUT = fresh
try {
  const { build } = await import('electron-vite')
  await build({ root, logLevel: 'warn' })
  // What changes while this runs counts as newer than the build.
  const stamped = ['renderer/index.html', 'desktop/main/index.js']
  for (const file of stamped) fs.utimesSync(path.join(fresh, file), startedAt, startedAt)
  for (const part of ['renderer', 'desktop']) replace(part)
} finally {
  fs.rmSync(fresh, { recursive: true, force: true })
}

function replace(part) {
  for (let attempt = 0; ; attempt += 1) {
    const old = path.join(fresh, `old-${part}-${attempt}`)
    if (fs.existsSync(path.join(out, part))) fs.renameSync(path.join(out, part), old)
    try {
      fs.renameSync(path.join(fresh, part), path.join(out, part))
      return
    } catch (error) {
      // Another build was put there between the two steps.
      if (attempt === 5 || !fs.existsSync(path.join(out, part))) throw error
    }
  }
}
