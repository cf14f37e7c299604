#!/usr/bin/env node
// `npm start`: the desktop app, or the same app in a browser where it cannot be opened. npm runs
// this with the Node of node_modules; whatever other Node reads it must reach the sentence below.
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
if (major < 24 || (major === 24 && minor < 4)) {
  process.stderr.write(
    `sublet: Sublet needs Node 24.4 or newer and this is Node ${process.versions.node}: run "npm ci", then "npm start", which uses the Node that came with it.\n`,
  )
  process.exitCode = 124
} else {
  try {
    await import('../main/start.ts')
  } catch (error) {
    const [words] = String(error instanceof Error ? error.message : error).split('\n')
    process.stderr.write(
      `sublet: Sublet is not installed completely (${words}): run "npm ci" first.\n`,
    )
    process.exitCode = 124
  }
}
